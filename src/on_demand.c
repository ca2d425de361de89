/* Attaches and detaches. */
#include "on_demand.h"
#include "attach_points.h"

#include <unistd.h>

void on_demand_attach(struct on_demand *d)
{
	if (d->point && *d->link < 0)
		*d->link = attach_point_tracepoint(d->point, d->program, d->raw);
}

void on_demand_detach(struct on_demand *d)
{
	if (d->point && *d->link >= 0) {
		close(*d->link);
		*d->link = -1;
	}
}
