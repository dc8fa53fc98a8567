package gslb.zones;

/// What is wrong with one token of a record.
record Defect(Token at, String problem, String rule, String remedy) {}
