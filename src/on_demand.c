/* Attaches and detaches. */
#include "on_demand.h"
#include "attach_points.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

void on_demand_attach(struct on_demand *d, enum verbosity v)
{
	int link;

	if (!d->point || *d->link >= 0)
		return;
	/* libbcc would say on standard error, each time, what goes wrong */
	link = bpf_raw_tracepoint_open(d->point->name, d->program);
	if (link >= 0)
		*d->link = link;
	else if (!d->told)
		say_warning(v, "cannot attach to the tracepoint %s again: %s; not seen: %s",
			    d->point->name, strerror(errno), d->point->loss);
	d->told = d->told || link < 0;
}

void on_demand_detach(struct on_demand *d)
{
	if (d->point && *d->link >= 0) {
		close(*d->link);
		*d->link = -1;
	}
}
