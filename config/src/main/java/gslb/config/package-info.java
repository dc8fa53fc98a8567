/// The operator's YAML turned into the settings records of all rooms: one schema from which the
/// binder, the JSON Schema and the reference page are made, and diagnostics with exact places.
/// Confined to the thread that loads; what comes out is immutable.
@NullMarked
package gslb.config;

import org.jspecify.annotations.NullMarked;
