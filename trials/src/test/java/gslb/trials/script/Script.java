package gslb.trials.script;

import java.util.List;

/// A conversation with a server: what it is configured with, what it is asked, what it must answer,
/// and what happens in between. `docs/scripts.md` has the form.
///
/// @param file name of the script's file
/// @param title what the script claims
record Script(String file, String title, List<Step> steps) {
  Script {
    steps = List.copyOf(steps);
  }
}
