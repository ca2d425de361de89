/*
 * Words for ICMP errors. IPv4: RFC 792, 3.2.2 of RFC 1122, 5.2.7 of RFC 1812; IPv6: RFC 4443, code
 * 7 of unreachable from RFC 6554, 8 from RFC 8883, code 3 of parameter problem from RFC 7112.
 */
#include "icmp_text.h"
#include "util.h"

#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>

static const char *const unreachable4[] = {
	"network unreachable",
	"host unreachable",
	"protocol unreachable",
	"port unreachable",
	"fragmentation needed",
	"source route failed",
	"network unknown",
	"host unknown",
	"source host isolated",
	"network prohibited",
	"host prohibited",
	"network unreachable for this type of service",
	"host unreachable for this type of service",
	"communication administratively prohibited",
	"host precedence violation",
	"precedence cutoff",
};
static const char *const quench4[] = {"source quench"};
static const char *const redirect4[] = {
	"redirect for the network",
	"redirect for the host",
	"redirect for the type of service and network",
	"redirect for the type of service and host",
};
static const char *const exceeded4[] = {
	"time to live exceeded",
	"fragment reassembly time exceeded",
};
static const char *const parameter4[] = {
	"parameter problem",
	"parameter problem (required option missing)",
	"parameter problem (bad length)",
};
static const char *const unreachable6[] = {
	"no route to destination",
	"communication administratively prohibited",
	"beyond scope of source address",
	"address unreachable",
	"port unreachable",
	"source address failed ingress/egress policy",
	"reject route to destination",
	"error in source routing header",
	"headers too long",
};
static const char *const exceeded6[] = {
	"hop limit exceeded",
	"fragment reassembly time exceeded",
};
static const char *const parameter6[] = {
	"erroneous header field",
	"unrecognized next header",
	"unrecognized option",
	"first fragment has incomplete header chain",
};

/* The text of a type's code; NULL: not known. */
#define TEXT_OF(texts, code) ((code) < ARRAY_SIZE(texts) ? (texts)[code] : NULL)

static const char *text4(uint8_t type, uint8_t code)
{
	switch (type) {
	case ICMP_DEST_UNREACH:
		return TEXT_OF(unreachable4, code);
	case ICMP_SOURCE_QUENCH:
		return TEXT_OF(quench4, code);
	case ICMP_REDIRECT:
		return TEXT_OF(redirect4, code);
	case ICMP_TIME_EXCEEDED:
		return TEXT_OF(exceeded4, code);
	case ICMP_PARAMETERPROB:
		return TEXT_OF(parameter4, code);
	default:
		return NULL;
	}
}

static const char *text6(uint8_t type, uint8_t code)
{
	switch (type) {
	case ICMP6_DST_UNREACH:
		return TEXT_OF(unreachable6, code);
	case ICMP6_PACKET_TOO_BIG:
		return "packet too big"; /* "Code: ... ignored by the receiver" */
	case ICMP6_TIME_EXCEEDED:
		return TEXT_OF(exceeded6, code);
	case ICMP6_PARAM_PROB:
		return TEXT_OF(parameter6, code);
	case ND_REDIRECT:
		return "redirect";
	default:
		return NULL;
	}
}

static const char *with_info4(const char *text, uint8_t type, uint8_t code, uint32_t info,
			      char *buf, size_t size)
{
	if (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED &&
	    (info & 0xffff)) /* 0: a router from before RFC 1191 */
		snprintf(buf, size, "%s (mtu %u)", text, info & 0xffff);
	else if (type == ICMP_REDIRECT)
		snprintf(buf, size, "%s (to %u.%u.%u.%u)", text, info >> 24, info >> 16 & 255,
			 info >> 8 & 255, info & 255);
	else if (type == ICMP_PARAMETERPROB && code == 0)
		snprintf(buf, size, "%s (byte %u)", text, info >> 24);
	else
		return text;
	return buf;
}

static const char *with_info6(const char *text, uint8_t type, uint8_t code, uint32_t info,
			      char *buf, size_t size)
{
	if (type == ICMP6_PACKET_TOO_BIG)
		snprintf(buf, size, "%s (mtu %u)", text, info);
	else if (type == ICMP6_PARAM_PROB && code == ICMP6_PARAMPROB_HEADER)
		snprintf(buf, size, "%s (byte %u)", text, info);
	else
		return text;
	return buf;
}

const char *icmp_error_text(int family, uint8_t type, uint8_t code, uint32_t info, char *buf,
			    size_t size)
{
	const char *text = family == 6 ? text6(type, code) : text4(type, code);

	if (!text) {
		snprintf(buf, size, "%s type %u code %u", family == 6 ? "ICMPv6" : "ICMP", type,
			 code);
		return buf;
	}
	if (family == 6)
		return with_info6(text, type, code, info, buf, size);
	return with_info4(text, type, code, info, buf, size);
}
