/// Conversations written as text: a configuration, queries, the replies they must get, and what
/// happens in between, asked of the responder directly and again through its listeners.
/// `docs/scripts.md` has the form. {@link ScriptReader} reads it, {@link Performance} runs it on a
/// {@link Theatre}, by a {@link Way}.
package gslb.trials.script;
