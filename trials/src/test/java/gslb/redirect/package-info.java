/// What the tests of the whole need of the redirect tier's inside.
@org.jspecify.annotations.NullMarked
package gslb.redirect;
