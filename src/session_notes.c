/* Counts in sentences. */
#include "session_notes.h"

void session_note_counts(enum verbosity v, uint64_t forgotten, uint64_t skipped, uint64_t missed,
			 uint64_t lost)
{
	if (forgotten)
		say_detail(v, "%llu skbs that were followed ended unseen",
			   (unsigned long long)forgotten);
	if (skipped)
		say_detail(v,
			   "the kernel skipped %llu runs of probes, most likely about "
			   "packets of others",
			   (unsigned long long)skipped);
	if (missed)
		say_warning(v, "%llu %s missing: the kernel did not report their return",
			    (unsigned long long)missed,
			    missed == 1 ? "verdict of a chain is" : "verdicts of chains are");
	if (lost)
		say_warning(v,
			    "%llu events were lost, so hops are missing; a longer --interval helps",
			    (unsigned long long)lost);
}
