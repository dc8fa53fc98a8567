package gslb.config;

import gslb.base.SourceSpan;

/// A value and where it was written.
record Located<T>(T value, SourceSpan where) {}
