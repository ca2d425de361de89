/* container: ids in cgroup paths, names in what the engines keep on disk. */
#include "container.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ID    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

static const struct {
	const char *cgroup, *id; /* id NULL: none */
} cgroups[] = {
	/* Docker: cgroup v1, v2 with systemd, v2 without */
	{"12:pids:/docker/" ID "\n11:memory:/docker/" ID "\n0::/system.slice/docker.service\n", ID},
	{"0::/system.slice/docker-" ID ".scope\n", ID},
	{"0::/docker/" ID, ID},
	{"0::/docker/" ID "/init.scope\n", ID},
	/* Podman */
	{"0::/machine.slice/libpod-" ID ".scope/container\n", ID},
	{"0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID ".scope\n", ID},
	/* CRI-O and containerd below Kubernetes */
	{"0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1a2b3c4d_1111_2222_3333_"
	 "444455556666.slice/crio-" ID ".scope\n",
	 ID},
	{"0::/kubepods/besteffort/pod1a2b3c4d-1111-2222-3333-444455556666/" ID "\n", ID},
	/* the first counts */
	{"1:a:/docker/" ID "\n2:b:/docker/" OTHER "\n", ID},
	{ID, ID},
	{"x" ID "x", ID},
	/* none */
	{"", NULL},
	{"\n", NULL},
	{"0::/\n", NULL},
	{"0::/init.scope\n", NULL},
	{"0::/system.slice/ssh.service\n", NULL},
	{"0::/lxc/box\n", NULL},
	{"0::/docker/" ID "0\n", NULL},
	{"0::/docker/" ID ID "\n", NULL},
	{"0::/docker/123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n", NULL},
	{"0::/docker/A123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n", NULL},
	{"0::/docker/g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n", NULL},
	{"0::/docker/0123456789abcdef0123456789abcdef-0123456789abcdef0123456789abcdef\n", NULL},
};

START_TEST(test_id)
{
	char id[CONTAINER_ID_LENGTH + 1] = "untouched";
	int found = container_id_in_cgroup(cgroups[_i].cgroup, id);

	ck_assert_int_eq(found, cgroups[_i].id ? 0 : -1);
	if (cgroups[_i].id)
		ck_assert_str_eq(id, cgroups[_i].id);
}
END_TEST

static char *root;

static void set_up(void)
{
	root = temp_dir_new();
}

static void tear_down(void)
{
	temp_dir_remove(root);
}

/* Writes a file below root, making directories on the way. */
static void put(const char *path, const char *text)
{
	char *part = strdup(path);

	ck_assert_ptr_nonnull(part);
	for (char *slash = strchr(part, '/'); slash; slash = strchr(slash + 1, '/')) {
		char *dir;

		*slash = '\0';
		dir = path_in(root, part);
		mkdir(dir, 0700);
		free(dir);
		*slash = '/';
	}
	free(part);
	write_file_in(root, path, text);
}

#define DOCKER "var/lib/docker/containers/" ID "/config.v2.json"
#define PODMAN "var/lib/containers/storage/overlay-containers/containers.json"

static void expect_name(const char *expected)
{
	char *name = container_name(root, ID);

	ck_assert_pstr_eq(name, expected);
	free(name);
}

START_TEST(test_no_engine)
{
	expect_name("0123456789ab");
}
END_TEST

START_TEST(test_docker)
{
	put(DOCKER, "{\"ID\": \"" ID "\", \"Name\": \"/web\", \"State\": {\"Running\": true}}");
	expect_name("web");
}
END_TEST

static const struct {
	const char *config, *name;
} configs[] = {
	{"{\"Name\": \"web\"}", "web"},
	{"{\"Name\": \"//web\"}", "/web"},
	{"{\"Name\": \"/\\u001b[2J\"}", "\033[2J"}, /* made safe where it is shown */
	/* nothing to use: the id it is */
	{"{\"Name\": \"/\"}", "0123456789ab"},
	{"{\"Name\": \"\"}", "0123456789ab"},
	{"{\"Name\": 7}", "0123456789ab"},
	{"{\"Name\": null}", "0123456789ab"},
	{"{\"Name\": \"/a\\u0000b\"}", "0123456789ab"},
	{"{}", "0123456789ab"},
	{"[]", "0123456789ab"},
	{"\"web\"", "0123456789ab"},
	{"", "0123456789ab"},
	{"{\"Name\": \"/web\"", "0123456789ab"},
	{"{\"Name\": \"\xff\"}", "0123456789ab"},
};

START_TEST(test_docker_config)
{
	put(DOCKER, configs[_i].config);
	expect_name(configs[_i].name);
}
END_TEST

static const struct {
	const char *list, *name;
} lists[] = {
	{"[{\"id\": \"" ID "\", \"names\": [\"db\"]}]", "db"},
	{"[{\"id\": \"" OTHER "\", \"names\": [\"no\"]}, {\"id\": \"" ID "\", \"names\": [\"db\", "
	 "\"alias\"]}]",
	 "db"},
	{"[7, null, {\"id\": 1, \"names\": 2}, {\"id\": \"" ID "\", \"names\": [\"db\"]}]", "db"},
	{"[{\"id\": \"" ID "\", \"names\": []}]", "0123456789ab"},
	{"[{\"id\": \"" ID "\"}]", "0123456789ab"},
	{"[{\"id\": \"" OTHER "\", \"names\": [\"no\"]}]", "0123456789ab"},
	{"[{\"id\": \"0123456789ab\", \"names\": [\"no\"]}]", "0123456789ab"},
	{"[]", "0123456789ab"},
	{"{}", "0123456789ab"},
	{"[[[[[[", "0123456789ab"},
};

START_TEST(test_podman)
{
	put(PODMAN, lists[_i].list);
	expect_name(lists[_i].name);
}
END_TEST

START_TEST(test_both)
{
	put(PODMAN, "[{\"id\": \"" ID "\", \"names\": [\"db\"]}]");
	put(DOCKER, "{\"Name\": \"/web\"}");
	expect_name("web");
	put(DOCKER, "{}");
	expect_name("db");
}
END_TEST

Suite *container_suite(void)
{
	Suite *s = suite_create("container");
	TCase *c = tcase_create("id"), *names = tcase_create("name");

	tcase_add_loop_test(c, test_id, 0, N_OF(cgroups));
	suite_add_tcase(s, c);
	tcase_add_checked_fixture(names, set_up, tear_down);
	tcase_add_test(names, test_no_engine);
	tcase_add_test(names, test_docker);
	tcase_add_loop_test(names, test_docker_config, 0, N_OF(configs));
	tcase_add_loop_test(names, test_podman, 0, N_OF(lists));
	tcase_add_test(names, test_both);
	suite_add_tcase(s, names);
	return s;
}
