/*
 * The world of a scenario, and its namespaces, without the many processes that a shell needs:
 *   world enter COMMAND...            in a network, mount and process namespace of its own
 *   world exec NETNS COMMAND...       in a network namespace
 *   world set NETNS... -- KEY=VALUE...  writes settings to /proc/sys; prints each "NETNS INODE"
 * NETNS is a name of `ip netns`, or "-" for the one that we are in.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define OWN_NETNS "/proc/self/ns/net"
#define CACHE     "/run/tracepkt"

static void die(const char *format, ...)
{
	int error = errno;
	va_list args;

	va_start(args, format);
	fputs("world: ", stderr);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, ": %s\n", strerror(error));
	exit(125);
}

static void mount_or_die(const char *source, const char *dir, const char *type, unsigned long flags,
			 const char *data)
{
	if (mount(source, dir, type, flags, data))
		die("mount on %s", dir);
}

/* A /run with nothing in it, unless E2E_CACHE=1 leaves what tracepkt has compiled. */
static void make_run(void)
{
	const char *cache = getenv("E2E_CACHE");
	int share = cache && strcmp(cache, "1") == 0;
	int back = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (share && ((mkdir(CACHE, 0700) && errno != EEXIST) || chdir(CACHE)))
		die("%s", CACHE);
	mount_or_die("tmpfs", "/run", "tmpfs", 0, "mode=755");
	if (share) {
		if (mkdir(CACHE, 0700))
			die("%s", CACHE);
		mount_or_die(".", CACHE, NULL, MS_BIND, NULL); /* the hidden one, where we are */
	}
	if (back < 0 || fchdir(back))
		die("the working directory");
	close(back);
}

/* So that nothing is there but what a scenario mounts: raw tracepoints need no tracefs. */
static void hide_tracefs(const char *dir)
{
	if (access(dir, F_OK) == 0)
		mount_or_die("none", dir, "tmpfs", MS_RDONLY, NULL);
}

static void run_command(char **command)
{
	execvp(command[0], command);
	die("%s", command[0]);
}

static void enter(char **command)
{
	pid_t child;
	int status;

	if (unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID))
		die("unshare");
	child = fork();
	if (child < 0)
		die("fork");
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		mount_or_die("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
		mount_or_die("proc", "/proc", "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL);
		make_run();
		hide_tracefs("/sys/kernel/debug");
		hide_tracefs("/sys/kernel/tracing");
		run_command(command);
	}
	signal(SIGINT, SIG_IGN); /* the child's end is ours */
	signal(SIGTERM, SIG_IGN);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	/* at once: no process can be started any more, which a leak checker would do */
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* Returns the inode number. */
static unsigned long enter_netns(const char *name, int own)
{
	char path[256];
	struct stat info;
	int fd = own;

	if (strcmp(name, "-") != 0) {
		snprintf(path, sizeof(path), "/run/netns/%s", name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0 || setns(fd, CLONE_NEWNET) || fstat(fd, &info))
		die("netns %s", name);
	if (fd != own)
		close(fd);
	return (unsigned long)info.st_ino;
}

static void write_setting(const char *setting)
{
	const char *value = strchr(setting, '=');
	char path[256];
	size_t length;
	int fd;

	if (!value) {
		errno = EINVAL;
		die("%s", setting);
	}
	snprintf(path, sizeof(path), "/proc/sys/%.*s", (int)(value - setting), setting);
	for (char *c = path; *c; c++)
		if (*c == '.')
			*c = '/';
	fd = open(path, O_WRONLY | O_CLOEXEC);
	length = strlen(++value);
	if (fd < 0 || write(fd, value, length) != (ssize_t)length)
		die("%s", path);
	close(fd);
}

static void set(char **names)
{
	int own = open(OWN_NETNS, O_RDONLY | O_CLOEXEC);
	char **settings = names;

	while (*settings && strcmp(*settings, "--") != 0)
		settings++;
	if (*settings)
		*settings++ = NULL;
	for (; *names; names++) {
		printf("%s %lu\n", *names, enter_netns(*names, own));
		for (char **setting = settings; *setting; setting++)
			write_setting(*setting);
	}
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";

	if (strcmp(what, "enter") == 0)
		enter(argv + 2);
	if (strcmp(what, "exec") == 0 && argc > 3) {
		enter_netns(argv[2], open(OWN_NETNS, O_RDONLY | O_CLOEXEC));
		run_command(argv + 3);
	}
	if (strcmp(what, "set") == 0) {
		set(argv + 2);
		return 0;
	}
	fputs("usage: world enter COMMAND... | exec NETNS COMMAND... | set NETNS... -- KEY=VALUE...\n",
	      stderr);
	return 125;
}
