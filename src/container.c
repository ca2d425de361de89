/* Container ids and names, from what the engines leave on disk. */
#include "container.h"
#include "util.h"

#include <ctype.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CONFIG_BYTES (16 << 20)

int container_id_in_cgroup(const char *cgroup, char id[CONTAINER_ID_LENGTH + 1])
{
	size_t run = 0;

	for (const char *s = cgroup;; s++) {
		if (isxdigit((unsigned char)*s) && !isupper((unsigned char)*s)) {
			run++;
			continue;
		}
		if (run == CONTAINER_ID_LENGTH) {
			memcpy(id, s - run, run);
			id[run] = '\0';
			return 0;
		}
		run = 0;
		if (!*s)
			return -1;
	}
}

static json_t *read_json(const char *root, const char *path)
{
	char full[PATH_MAX];
	size_t len = 0;
	char *text;
	json_t *j;

	if ((size_t)snprintf(full, sizeof(full), "%s%s", root, path) >= sizeof(full))
		return NULL;
	text = read_file_at(AT_FDCWD, full, MAX_CONFIG_BYTES, &len);
	if (!text)
		return NULL;
	j = json_loadb(text, len, 0, NULL);
	free(text);
	return j;
}

static char *docker_name(const char *root, const char *id)
{
	char path[128 + CONTAINER_ID_LENGTH];
	const char *name;
	char *copy = NULL;
	json_t *j;

	snprintf(path, sizeof(path), "/var/lib/docker/containers/%s/config.v2.json", id);
	j = read_json(root, path);
	name = json_string_value(json_object_get(j, "Name"));
	if (name && *name == '/')
		name++;
	if (name && *name)
		copy = strdup(name);
	json_decref(j);
	return copy;
}

static char *podman_name(const char *root, const char *id)
{
	json_t *all =
		read_json(root, "/var/lib/containers/storage/overlay-containers/containers.json");
	char *copy = NULL;
	json_t *one;
	size_t i;

	json_array_foreach(all, i, one)
	{
		const char *its = json_string_value(json_object_get(one, "id"));
		const char *name =
			json_string_value(json_array_get(json_object_get(one, "names"), 0));

		if (its && name && strcmp(its, id) == 0) {
			copy = strdup(name);
			break;
		}
	}
	json_decref(all);
	return copy;
}

char *container_name(const char *root, const char *id)
{
	char *name = docker_name(root, id);

	if (!name)
		name = podman_name(root, id);
	return name ? name : strndup(id, 12);
}
