/// Our answers beside those of Knot and NSD: the same zone files, every question that the zones
/// suggest, every section compared.
@NullMarked
package gslb.trials.conform;

import org.jspecify.annotations.NullMarked;
