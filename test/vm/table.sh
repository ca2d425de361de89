#!/bin/bash
# Makes the table of docs/compatibility.md from the results of the last run of the matrix:
# table.sh [--check|--update]. Without an option it is printed, as far as there are results; --check
# compares it with the document, --update puts it there: both want the results of all jobs.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

document=$repo_dir/docs/compatibility.md
begin='<!-- made by test/vm/table.sh -->' end='<!-- end of the table -->'

missing_jobs() {
	local job
	for job in $(job_names | grep -v -- '-core$'); do # which are a part of the others
		[[ -e $results_dir/$job.tsv ]] || echo "$job"
	done
}

# Every result as "COLUMN ATTACH SCENARIO STATUS"; a column is a kernel with its source of types.
results() {
	local job kernel types attach options
	while read -r job kernel types attach _ options; do
		[[ -e $results_dir/$job.tsv ]] || continue
		[[ $types != btf || " $options " != *' --headers '* ]] || types+=+headers
		awk -F '\t' -v prefix="$kernel/$types $attach" '{ print prefix, $1, $2 }' "$results_dir/$job.tsv"
	done < <(grep -v -e '^#' -e '^$' "$vm_dir/matrix.txt")
}

make_table() {
	awk '
	# Does a word of rows.txt mean this scenario?
	function means(word, scenario, attach) {
		if (word ~ /^@/)
			return attach == substr(word, 2)
		if (word ~ /\*$/)
			return index(scenario, substr(word, 1, length(word) - 1)) == 1
		return scenario == word
	}
	function cell(column, words, n,    i, w, count) {
		for (i = 1; i <= results; i++)
			for (w = 1; w <= n; w++)
				if (of[i] == column && means(words[w], scenario[i], attach[i])) {
					count[status[i]]++
					break
				}
		if (count["FAIL"])
			return count["ok"] ? "partly" : "no"
		return count["ok"] ? "yes" : count["skip"] ? "not there" : "not tried"
	}
	NR == FNR {
		results++
		of[results] = $1; attach[results] = $2; scenario[results] = $3; status[results] = $4
		if (!seen[$1]++)
			columns[++width] = $1
		next
	}
	/^#/ || !/:/ { next }
	!header++ {
		# 5.10 comes before 6.1: by the numbers on both sides of the point
		for (i = 2; i <= width; i++)
			for (j = i; j > 1 && key(columns[j]) < key(columns[j - 1]); j--) {
				t = columns[j]; columns[j] = columns[j - 1]; columns[j - 1] = t
			}
		line = "| "; rule = "|---"
		for (i = 1; i <= width; i++) {
			split(columns[i], part, "/")
			line = line " | " part[1] " " part[2]
			rule = rule "|---"
		}
		print line " |"; print rule "|"
	}
	function key(column,    part) {
		split(column, part, /[.\/]/)
		return sprintf("%05d.%05d/%s", part[1], part[2], part[3])
	}
	{
		at = match($0, / *: [^:]*$/)
		line = "| " substr($0, 1, at - 1)
		rest = substr($0, at)
		sub(/^ *: */, "", rest)
		n = split(rest, words, " ")
		for (i = 1; i <= width; i++)
			line = line " | " cell(columns[i], words, n)
		print line " |"
	}' <(results) "$vm_dir/rows.txt"
}

# The table that the document has.
in_document() {
	sed -n "\|^$begin\$|,\|^$end\$|p" "$document" | sed '1d;$d'
}

[[ $(grep -cxF -e "$begin" -e "$end" "$document") -eq 2 ]] || die "$document has no place for the table"
mode=${1-}
missing=$(missing_jobs | paste -sd ' ')
[[ ! $mode || ! $missing ]] || {
	echo "skip: no results of $missing"
	exit 77
}
case $mode in
'') make_table ;;
--check)
	diff -U1 --label "$document" --label "this run" <(in_document) <(make_table) ||
		die "the table is another; test/vm/table.sh --update puts it there"
	;;
--update)
	table=$(mktemp)
	make_table >"$table"
	sed -i -e "\|^$begin\$|,\|^$end\$|{ \|^$begin\$|r $table" \
		-e "\|^$begin\$|b; \|^$end\$|b; d; }" "$document"
	rm -f "$table"
	;;
*) echo "usage: table.sh [--check|--update]" >&2; exit 1 ;;
esac
