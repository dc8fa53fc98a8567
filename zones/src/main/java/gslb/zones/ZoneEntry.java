package gslb.zones;

import java.util.List;

/// One logical line of a zone file: parentheses resolved, comments gone.
///
/// @param tokens at least one
/// @param isIndented whether it begins with a blank, so that a record has the owner of the one
///     before
record ZoneEntry(List<Token> tokens, boolean isIndented) {}
