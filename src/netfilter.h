/* Which parts of netfilter the running kernel has, and which of them can be traced. */
#ifndef TRACEPKT_NETFILTER_H
#define TRACEPKT_NETFILTER_H

#include <stdbool.h>
#include <stdint.h>

/* Can the kernel attach kprobes by descriptor (4.17, CONFIG_KPROBE_EVENTS)? */
bool netfilter_have_kprobes(void);

/* The groups (a set of enum attach_group) whose functions are in the kernel now. */
unsigned int netfilter_present(void);

/* Does the kernel have modules at all (CONFIG_MODULES), so that one may be loaded unasked? */
bool netfilter_has_modules(void);

/* Is a module loaded or built in? True where that cannot be told. */
bool netfilter_module_is_there(const char *module);

/* Is a module built into the kernel? From the text of modules.builtin. */
bool netfilter_is_builtin(const char *modules_builtin, const char *module);

#endif
