/* Hops to report. */
#ifndef TRACEPKT_TEST_REPORT_SUPPORT_H
#define TRACEPKT_TEST_REPORT_SUPPORT_H

#include "report.h"

#define HOST 4026531992U
#define BOX  4026533448U

/* A request from 172.17.0.1 to 172.17.0.2, or the reply, seen by net_dev_queue on eth0. */
struct hop sample_hop(enum event_type type);

/* The verdict ACCEPT of a chain of iptables-legacy, of that request or reply. */
struct hop sample_chain(enum event_type type, const char *table, uint8_t hook);

/* Puts the hop into the tunnel vxlan0, from 198.51.100.1 to 198.51.100.2 by UDP port 4789. */
void set_tunnel(struct hop *h);

/* A request that was dropped on eth0; without names. */
struct hop sample_drop(enum event_dir dir);

/* A report into a temporary file. */
struct report report_to_file(bool colour, bool show_seq);

/* What is in it; closes it. The caller frees the text. */
char *report_text(struct report *r);

#endif
