/* Does IPsec encrypt packets of this namespace? */
#ifndef TRACEPKT_IPSEC_H
#define TRACEPKT_IPSEC_H

#include <stdbool.h>

/*
 * Are there policies of IPsec in the namespace that this thread is in? False also where it cannot
 * be told. Loads no module.
 */
bool ipsec_has_policies(void);

#endif
