package gslb.node;

import gslb.dns.DnsSnapshot;
import gslb.redirect.RedirectSnapshot;
import gslb.steering.CapacityGuard;
import gslb.steering.SteeringPlan;

/// Everything that the serving path reads, under one serial number.
///
/// @param builtMillis wall-clock time at which it was built
/// @param guard what it holds against the verdicts
record Generation(
    long number,
    long builtMillis,
    SteeringPlan plan,
    DnsSnapshot dns,
    RedirectSnapshot redirect,
    CapacityGuard guard) {}
