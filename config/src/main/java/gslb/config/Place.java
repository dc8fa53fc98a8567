package gslb.config;

import gslb.base.SourceSpan;

/// What a value is, in words, and where it was named.
///
/// @param words as in `'interval' of monitor 'web'`
/// @param named where its key stands; where it begins if it has none
record Place(String words, SourceSpan named) {
  Place key(String name, SourceSpan where) {
    return new Place("'" + name + "' of " + words, where);
  }

  Place entry(String noun, String name, SourceSpan where) {
    return new Place(noun + " " + Shown.quoted(name), where);
  }

  Place item(int number, SourceSpan where) {
    return new Place("item " + number + " of " + words, where);
  }
}
