/// Resolvers and checkers of other people against a delegated zone: a root, a top-level domain and
/// everything below it, in a network namespace of its own.
@NullMarked
package gslb.trials.lab;

import org.jspecify.annotations.NullMarked;
