package gslb.config;

import gslb.base.SourceSpan;
import java.util.List;

/// One node of a YAML document, with the place of its first character.
sealed interface YamlNode {
  SourceSpan where();

  Shape shape();

  /// What a scalar is by the core schema (YAML 1.2.2 §10.3).
  enum Kind {
    TEXT,
    WHOLE,
    NUMBER,
    TRUTH,
    EMPTY
  }

  record Scalar(SourceSpan where, String text, Kind kind) implements YamlNode {
    @Override
    public Shape shape() {
      return Shape.SCALAR;
    }
  }

  record Sequence(SourceSpan where, List<YamlNode> items) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public Shape shape() {
      return Shape.LIST;
    }
  }

  /// Pairs in the order written; keys may repeat, the binder reports that.
  record Mapping(SourceSpan where, List<Pair> pairs) implements YamlNode {
    public Mapping {
      pairs = List.copyOf(pairs);
    }

    @Override
    public Shape shape() {
      return Shape.MAP;
    }
  }

  record Pair(Scalar key, YamlNode value) {}
}
