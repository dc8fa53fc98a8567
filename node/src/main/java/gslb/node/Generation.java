package gslb.node;

import gslb.dns.DnsSnapshot;
import gslb.redirect.RedirectSnapshot;
import gslb.steering.SteeringPlan;

/// Everything that the serving path reads, under one serial number.
record Generation(long number, SteeringPlan plan, DnsSnapshot dns, RedirectSnapshot redirect) {}
