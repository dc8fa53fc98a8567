package gslb.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// A property, tried once per seed. The method takes a {@link java.util.Random}; the seed is in the
/// test's name, and `-Dgslb.seed=N` (through `-Dgslb.test.jvm=-Dgslb.seed=N`) runs that seed alone.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SeededExtension.class)
public @interface Seeded {
  /// How many seeds: 1, 2, … up to this.
  int value();
}
