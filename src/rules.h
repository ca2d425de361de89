/* Are there firewall rules in a namespace? Asked where the probes that would show them are missing.
 */
#ifndef TRACEPKT_RULES_H
#define TRACEPKT_RULES_H

/*
 * The parts of netfilter (a set of enum attach_group) that have tables in the namespace this thread
 * is in. What cannot be asked counts as none. The kernel loads nf_tables when it is asked for its
 * tables: ask only where it is there.
 */
unsigned int rules_present(void);

#endif
