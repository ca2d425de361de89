/* Sorted lists of what leads where, read again when what is looked for is not found in them. */
#include "netns_index.h"
#include "util.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What is not found is not looked for again so soon, so that questions take most of the time. */
#define FRESH_NS (20 * NS_PER_MS)

struct netns_place {
	uint32_t inode;
	uint32_t order; /* in which it was found */
	char *name;     /* or pid */
};

/* Where a kind of places is. */
struct kind {
	const char *dir, *below;
	char first, last; /* of what names start with */
};

static const struct kind names = {NETNS_RUN, "", CHAR_MIN, CHAR_MAX};
static const struct kind processes = {"/proc", "/ns/net", '1', '9'};

static bool leads_to(const struct kind *k, const char *name, ino_t *inode)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s%s", k->dir, name, k->below);
	if (stat(path, &st))
		return false;
	*inode = st.st_ino;
	return true;
}

static void clear(struct netns_list *l)
{
	while (l->n)
		free(l->places[--l->n].name);
}

static void add(struct netns_list *l, uint32_t inode, const char *name)
{
	if (l->n == l->room) {
		size_t room = l->room ? 2 * l->room : 64;
		struct netns_place *grown = realloc(l->places, room * sizeof(*grown));

		if (!grown)
			return;
		l->places = grown;
		l->room = room;
	}
	l->places[l->n] = (struct netns_place){inode, (uint32_t)l->n, strdup(name)};
	if (l->places[l->n].name)
		l->n++;
}

static int compare(const void *a, const void *b)
{
	const struct netns_place *p = a, *q = b;

	if (p->inode != q->inode)
		return p->inode < q->inode ? -1 : 1;
	return p->order < q->order ? -1 : p->order > q->order;
}

static void read_list(struct netns_list *l, const struct kind *k)
{
	DIR *d = opendir(k->dir);
	struct dirent *file;
	ino_t inode;

	clear(l);
	while (d && (file = readdir(d)))
		if (*file->d_name != '.' && *file->d_name >= k->first && *file->d_name <= k->last &&
		    leads_to(k, file->d_name, &inode))
			add(l, (uint32_t)inode, file->d_name);
	if (d)
		closedir(d);
	if (l->n)
		qsort(l->places, l->n, sizeof(*l->places), compare);
	l->read_ns = now_ns();
}

/* The first place of the namespace, or where it had to be. */
static size_t position(const struct netns_list *l, uint32_t inode)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (l->places[middle].inode < inode)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Shows the places that still lead there. Has see said that it is enough? */
static bool show(const struct netns_list *l, const struct kind *k, uint32_t inode,
		 bool (*see)(void *arg, const char *name), void *arg)
{
	ino_t now;

	for (size_t i = position(l, inode); i < l->n && l->places[i].inode == inode; i++) {
		if (!leads_to(k, l->places[i].name, &now) || now != inode)
			continue;
		if (see(arg, l->places[i].name))
			return true;
	}
	return false;
}

static void find(struct netns_list *l, const struct kind *k, struct netns_question *q,
		 bool (*see)(void *arg, const char *name), void *arg)
{
	if (l->read_ns && show(l, k, q->inode, see, arg))
		return;
	if (l->read_ns && l->read_ns >= q->since_ns)
		return;
	if (l->read_ns && now_ns() - l->read_ns < FRESH_NS) {
		q->again_ns = l->read_ns + FRESH_NS;
		return;
	}
	read_list(l, k);
	show(l, k, q->inode, see, arg);
}

static bool take_name(void *arg, const char *name)
{
	const char **found = arg;

	*found = name;
	return true;
}

const char *netns_index_name(struct netns_index *x, struct netns_question *q)
{
	const char *found = NULL;

	find(&x->names, &names, q, take_name, &found);
	return found;
}

void netns_index_processes(struct netns_index *x, struct netns_question *q,
			   bool (*see)(void *arg, const char *pid), void *arg)
{
	find(&x->processes, &processes, q, see, arg);
}

static void free_list(struct netns_list *l)
{
	clear(l);
	free(l->places);
	*l = (struct netns_list){0};
}

void netns_index_free(struct netns_index *x)
{
	free_list(&x->names);
	free_list(&x->processes);
}
