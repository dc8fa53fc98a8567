package gslb.config;

/// This node.
///
/// @param stateDirectory where it keeps what must survive a restart
public record NodeSettings(String name, String stateDirectory) {}
