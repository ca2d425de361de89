/* Network namespaces by name, pid, path and inode. */
#include "netns.h"
#include "container.h"
#include "links.h"
#include "netns_index.h"
#include "rules.h"
#include "say.h"
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define NSFS_MAGIC_NUMBER 0x6e736673 /* NSFS_MAGIC of include/uapi/linux/magic.h */
#define FIRST_ROOM        64
#define CHECK_NS          (200 * NS_PER_MS) /* inode numbers are used again at once */

static bool all_digits(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

static int path_of(const char *spec, char *path, size_t size)
{
	int n;

	if (strchr(spec, '/'))
		n = snprintf(path, size, "%s", spec);
	else
		n = snprintf(path, size, NETNS_RUN "/%s", spec);
	if (!strchr(spec, '/') && access(path, F_OK) && all_digits(spec))
		n = snprintf(path, size, "/proc/%s/ns/net", spec);
	return n > 0 && (size_t)n < size ? 0 : -1;
}

int netns_open(const char *spec)
{
	char path[PATH_MAX];
	struct statfs fs;
	int fd = -1;

	errno = ENOENT;
	if (*spec && strcmp(spec, ".") != 0 && strcmp(spec, "..") != 0 &&
	    path_of(spec, path, sizeof(path)) == 0)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		say_error("no network namespace '%s': %s; 'ip netns' and 'lsns -t net' list them",
			  spec, strerror(errno));
		return -1;
	}
	if (fstatfs(fd, &fs) || fs.f_type != NSFS_MAGIC_NUMBER) {
		say_error("%s is not a network namespace", path);
		close(fd);
		return -1;
	}
	return fd;
}

int netns_enter(int fd)
{
	int back = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	if (back < 0) {
		say_error("cannot open /proc/thread-self/ns/net: %s; is /proc mounted?",
			  strerror(errno));
		return -1;
	}
	if (setns(fd, CLONE_NEWNET)) {
		say_error("cannot enter the network namespace: %s%s", strerror(errno),
			  errno == EPERM    ? "; CAP_SYS_ADMIN is needed"
			  : errno == EINVAL ? "; it is a namespace of another kind"
					    : "");
		close(back);
		return -1;
	}
	return back;
}

int netns_leave(int back)
{
	int failed = setns(back, CLONE_NEWNET);

	if (failed)
		say_error("cannot go back to the network namespace: %s", strerror(errno));
	close(back);
	return failed;
}

struct entry {
	uint32_t inode;
	char *name;        /* or NULL */
	char *path;        /* opens it, or NULL */
	uint64_t since_ns; /* when what is not answered yet was asked; 0: all is */
	uint64_t check_ns; /* when to look again */
};

struct netns_table {
	struct entry *entries;
	size_t n, room;
	struct netns_index index;
};

static struct entry *find(const struct netns_table *t, uint32_t inode)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->entries[i].inode == inode)
			return &t->entries[i];
	return NULL;
}

static struct entry *add(struct netns_table *t, uint32_t inode)
{
	if (t->n == t->room) {
		size_t room = t->room ? 2 * t->room : FIRST_ROOM;
		struct entry *grown = realloc(t->entries, room * sizeof(*grown));

		if (!grown)
			return NULL;
		t->entries = grown;
		t->room = room;
	}
	t->entries[t->n] = (struct entry){.inode = inode};
	return &t->entries[t->n++];
}

struct netns_table *netns_table_new(void)
{
	struct netns_table *t = calloc(1, sizeof(*t));

	if (!t)
		say_error("out of memory");
	return t;
}

/* Is one of the named namespaces (ip netns) this one? */
static void look_in_run(struct netns_table *t, struct entry *e, struct netns_question *q)
{
	const char *name = netns_index_name(&t->index, q);
	char path[PATH_MAX];

	if (!name)
		return;
	snprintf(path, sizeof(path), NETNS_RUN "/%s", name);
	e->name = strdup(name);
	e->path = strdup(path);
}

/* A process is in it: keeps its namespace file, and its container's name. False: it has none. */
static bool look_at_process(void *arg, const char *pid)
{
	char path[64], id[CONTAINER_ID_LENGTH + 1], cgroup[8192];
	struct entry *e = arg;
	ssize_t n;
	int fd;

	if (!e->path) {
		snprintf(path, sizeof(path), "/proc/%.16s/ns/net", pid);
		e->path = strdup(path);
	}
	snprintf(path, sizeof(path), "/proc/%.16s/cgroup", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, cgroup, sizeof(cgroup) - 1);
	close(fd);
	cgroup[n > 0 ? n : 0] = '\0';
	if (container_id_in_cgroup(cgroup, id) == 0)
		e->name = container_name("", id);
	return e->name;
}

/* That this program runs in, and the host's, have processes of all sorts: they are no container's.
 */
static char *path_without_container(uint32_t inode)
{
	static const char *const own[] = {"/proc/self/ns/net", "/proc/1/ns/net"};
	struct stat st;

	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		if (stat(own[i], &st) == 0 && st.st_ino == inode)
			return strdup(own[i]);
	return NULL;
}

static void look_up(struct netns_table *t, struct entry *e, struct netns_question *q)
{
	look_in_run(t, e, q);
	if (!e->path)
		e->path = path_without_container(e->inode);
	if (!e->path)
		netns_index_processes(&t->index, q, look_at_process, e);
	e->since_ns = q->again_ns && !e->name ? q->since_ns : 0;
	if (e->since_ns)
		e->check_ns = q->again_ns;
}

/* Does the path still lead to this namespace? */
static bool is_valid(const struct entry *e)
{
	struct stat st;

	return e->path && stat(e->path, &st) == 0 && st.st_ino == e->inode;
}

static struct entry *get(struct netns_table *t, uint32_t inode)
{
	struct netns_question q = {.inode = inode, .since_ns = now_ns()};
	struct entry *e = find(t, inode);

	if (!e)
		e = add(t, inode);
	if (!e || q.since_ns < e->check_ns)
		return e;
	e->check_ns = q.since_ns + CHECK_NS;
	if (!e->since_ns && is_valid(e))
		return e;
	if (e->since_ns)
		q.since_ns = e->since_ns;
	free(e->name);
	free(e->path);
	e->name = e->path = NULL;
	look_up(t, e, &q);
	return e;
}

const char *netns_table_name(struct netns_table *t, uint32_t inode)
{
	struct entry *e = get(t, inode);

	return e ? e->name : NULL;
}

/* Where to enter a namespace and where to come back to. */
struct visit {
	int there, back; /* -1: we are in it already */
};

/* Enters the namespace of an entry, unless we are in it. False, and nothing said, if it cannot be.
 */
static bool visit_begin(struct visit *v, struct netns_table *t, uint32_t inode)
{
	struct entry *e = get(t, inode);
	struct stat st;

	*v = (struct visit){-1, -1};
	if (stat("/proc/thread-self/ns/net", &st) == 0 && st.st_ino == inode)
		return true;
	if (!e || !e->path)
		return false;
	v->there = open(e->path, O_RDONLY | O_CLOEXEC);
	v->back = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	/* The path may lead elsewhere by now: a process moved or ended. */
	if (v->there >= 0 && v->back >= 0 && fstat(v->there, &st) == 0 && st.st_ino == inode &&
	    setns(v->there, CLONE_NEWNET) == 0)
		return true;
	if (v->there >= 0)
		close(v->there);
	if (v->back >= 0)
		close(v->back);
	return false;
}

static void visit_end(const struct visit *v)
{
	if (v->back < 0)
		return;
	if (setns(v->back, CLONE_NEWNET))
		abort(); /* cannot be: we hold the namespace that we came from */
	close(v->there);
	close(v->back);
}

void netns_table_ifname(struct netns_table *t, uint32_t inode, uint32_t ifindex,
			char name[IF_NAMESIZE])
{
	struct visit v;
	bool found = false;

	if (visit_begin(&v, t, inode)) {
		found = if_indextoname(ifindex, name);
		visit_end(&v);
	}
	if (!found)
		snprintf(name, IF_NAMESIZE, "if%u", ifindex);
}

int netns_table_between(struct netns_table *t, uint32_t inode, uint32_t bottom, uint32_t top,
			uint32_t *between, size_t max)
{
	struct link *links = NULL;
	struct visit v;
	int n = -1, count = 0;

	if (visit_begin(&v, t, inode)) {
		n = links_read(&links);
		visit_end(&v);
	}
	if (n > 0)
		count = links_between(links, (size_t)n, bottom, top, between, max);
	free(links);
	return count;
}

unsigned int netns_table_rules(struct netns_table *t, uint32_t inode)
{
	unsigned int groups = 0;
	struct visit v;

	if (visit_begin(&v, t, inode)) {
		groups = rules_present();
		visit_end(&v);
	}
	return groups;
}

int netns_table_visit(struct netns_table *t, uint32_t inode, int (*fn)(void *arg), void *arg)
{
	struct visit v;
	int result;

	if (!visit_begin(&v, t, inode))
		return -1;
	result = fn(arg);
	visit_end(&v);
	return result;
}

void netns_table_free(struct netns_table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++) {
		free(t->entries[i].name);
		free(t->entries[i].path);
	}
	free(t->entries);
	netns_index_free(&t->index);
	free(t);
}
