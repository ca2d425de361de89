# A private apt that downloads packages of any Debian suite and changes nothing on the host. Sourced.
# The archive is the one the host itself uses; all of apt's state lives in a folder of the caller's.
# shellcheck shell=bash source-path=SCRIPTDIR

# The host's Debian archive and its suite, "URI SUITE", as apt itself reads its configuration.
debian_archive() {
	# shellcheck disable=SC2016  # $(...) is apt's notation
	apt-get --no-release-info indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
		'Created-By: Packages' 2>/dev/null |
		awk '$1 !~ /^cdrom:/ && $3 == "main" &&
		     $2 ~ /^(bullseye|bookworm|trixie|forky|sid|(old)*stable|testing|unstable)$/ {
			rank = $1 ~ /\/debian\/?$/ ? 0 : 1     # a third party may use the same suite names
			print rank, $1, $2
		     }' | sort -s -n -k1,1 | awk 'NR == 1 { print $2, $3 }'
}

# apt_open DIR SUITE: sets up apt in DIR and fetches the suite's index.
apt_open() {
	local dir=$1 suite=$2 uri keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	read -r uri _ < <(debian_archive) || die "apt's configuration names no Debian archive"
	[[ -e $keyring ]] || die "$keyring not found: install the packages of test/vm/packages.txt"

	mkdir -p "$dir"/{lists,archives}/partial
	# An empty status file: apt is to pick what the suite has, whatever the host has installed.
	: >"$dir/status"
	# The whole keyring, as the host's entry may name the key of the host's own suite only.
	# Signatures are checked as ever. Check-Valid-Until is the host's business.
	echo "deb [arch=amd64 target=Packages signed-by=$keyring] $uri $suite main" >"$dir/sources.list"
	cat >"$dir/apt.conf" <<-CONF
		Dir::State "$dir";
		Dir::State::lists "$dir/lists";
		Dir::State::status "$dir/status";
		Dir::Cache "$dir";
		Dir::Cache::archives "$dir/archives";
		Dir::Cache::pkgcache "";
		Dir::Cache::srcpkgcache "";
		Dir::Etc::SourceList "$dir/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "/dev/null";
		Dir::Log "$dir";
		APT::Architecture "amd64";
		#clear APT::Architectures;
		APT::Architectures { "amd64"; };
		APT::Sandbox::User "root";
		Acquire::Languages "none";
		Acquire::Retries "3";
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
	CONF
	apt_dir=$dir
	apt_try apt-get --error-on=any update || die "cannot read suite $suite of $uri: $(apt_reason)"
}

# Runs an apt command on the private state; what it says is kept for apt_reason.
apt_try() {
	local tool=$1
	shift
	"$tool" -c "$apt_dir/apt.conf" -q "$@" >"$apt_dir/log" 2>&1
}

apt_reason() {
	grep -m1 '^E:' "$apt_dir/log" || tail -n1 "$apt_dir/log"
}

# apt_newest REGEX: of the packages whose name matches, the last one in version order.
apt_newest() {
	apt-cache -c "$apt_dir/apt.conf" pkgnames | grep -xE -e "$1" | sort -V | tail -n1
}

# apt_unpack TREE PACKAGE...: downloads the packages and unpacks them below TREE.
apt_unpack() {
	local tree=$1 deb
	shift
	# As on today's Debian; old packages still have /lib, and all are to land in one place.
	mkdir -p "$tree"/usr/{bin,sbin,lib}
	ln -sfn usr/lib "$tree/lib"
	ln -sfn usr/bin "$tree/bin"
	ln -sfn usr/sbin "$tree/sbin"
	# All at once: apt takes a second to read its index.
	mkdir -p "$apt_dir/debs"
	(cd "$apt_dir/debs" && apt_try apt-get download "$@") || die "cannot download $*: $(apt_reason)"
	for deb in "$apt_dir"/debs/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x -C "$tree" --keep-directory-symlink --no-same-owner \
				--exclude=./usr/share/{doc,man,lintian,bug,bash-completion} ||
			die "cannot unpack ${deb##*/}"
		rm -f "$deb"
	done
}

# cache_open DIR: the cache is ours alone until we end, and so is the folder $temp below it. $cache is its path.
cache_open() {
	need apt-get dpkg-deb flock
	mkdir -p "$1"
	cache=$(cd "$1" && pwd)
	# One download at a time; whoever comes second finds it done.
	exec 9>"$cache/.lock"
	flock 9
	temp=$(mktemp -d "$cache/.fetch.XXXXXX")
	trap 'rm -rf "$temp"' EXIT
	trap 'exit 1' INT TERM HUP
	trap 'die "failed at line $LINENO"' ERR
}

# cache_put NAME FUNCTION: unless the cache has NAME, the function fills a folder, out of $suite, that gets the name.
cache_put() {
	[[ ! -e $cache/$1 ]] || return 0
	[[ -n ${apt_dir-} ]] || apt_open "$temp/apt" "$suite"
	mkdir -p "$temp/$1"
	"$2" "$temp/$1"
	mv -T "$temp/$1" "$cache/$1"
}
