package gslb.config;

import gslb.base.SourceSpan;
import gslb.config.PolicyTerm.Branch;
import gslb.steering.Policy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The policy language: a pool's name, a list, or a map with one operator. Its maps are sections
/// like all others.
final class PolicyType implements Type<PolicyTerm> {
  static final PolicyType POLICY = new PolicyType();

  /// Most children of one list, weighted or nearest.
  static final int CHILDREN_MAX = 256;

  /// Greatest weight of a branch.
  static final int WEIGHT_MAX = 1_000_000;

  /// Greatest `limit` of a nearest.
  private static final int NEAREST_LIMIT_MAX = 16;

  private static final Type<String> POOL = new Reference(Reference.Kind.POOL);

  private static final Key<PolicyTerm> TO =
      Key.<PolicyTerm>of("to", POLICY, "The policy that this share of the clients follows.")
          .required();
  private static final Key<Integer> WEIGHT =
      Key.of(
              "weight",
              Scalars.whole(0, WEIGHT_MAX),
              "Its share. 0 is a standby: used only when all others are unavailable.")
          .required();
  private static final Section BRANCH =
      new Section("branch", "One branch of a weighted policy.", List.of(TO, WEIGHT));

  private static final Type<List<Branch>> BRANCHES =
      new OneOf<>(
          List.of(
              new Mapped<>(
                  new Named<>("pool", POOL, null, Scalars.whole(0, WEIGHT_MAX), CHILDREN_MAX),
                  PolicyType::poolBranches),
              new Mapped<>(
                  new ListOf<>(
                      new OneOf<>(
                          List.of(
                              new Mapped<>(POOL, PolicyType::branchOfPool),
                              new Mapped<>(BRANCH, PolicyType::branch))),
                      "pools, all alike, or branches",
                      1,
                      CHILDREN_MAX),
                  PolicyType::branches)));

  private static final Key<List<Branch>> WEIGHTED =
      Key.of(
          "weighted",
          BRANCHES,
          "Divides clients among the available branches in proportion to their weights: a map from"
              + " pool to weight, or a list of {to, weight} where a branch is more than a pool.");
  private static final Key<List<Located<String>>> NEAREST =
      Key.of(
          "nearest",
          new ListOf<>(POOL, "pools", 1, CHILDREN_MAX),
          "The available pool nearest to the client by great-circle distance. Every pool needs a"
              + " site. A client whose place is unknown gets them in the order written.");
  private static final Key<Integer> LIMIT =
      Key.of(
              "limit",
              Scalars.whole(1, NEAREST_LIMIT_MAX),
              "How many of the nearest pools are tried before the policy is unavailable. Only with"
                  + " 'nearest'.")
          .otherwise(Integer.toString(Policy.Nearest.LIMIT_DEFAULT));
  private static final Key<List<Named.Entry<Integer>>> BIAS =
      Key.of(
          "bias",
          new Named<>("pool", POOL, null, Scalars.BIAS, CHILDREN_MAX),
          "By pool, how much nearer it is taken to be: 1 to 99 takes as many per cent off its"
              + " distance, -1 to -99 divides it by as many per cent less than 1, so that -50"
              + " doubles it. Only with 'nearest'.");
  private static final Key<Integer> WITHIN =
      Key.of(
              "within",
              Scalars.WITHIN,
              "Pools at most so many times as far as the nearest count as near as it: clients are"
                  + " drawn among them, all alike. Only with 'nearest'.")
          .otherwise("1");
  private static final Key<List<Branch>> STICKY =
      Key.of(
          "sticky",
          BRANCHES,
          "Divides clients among the available branches in proportion to their weights, like"
              + " 'weighted', but always gives a block of clients (/24 of IPv4, /48 of IPv6) the"
              + " same one: a weighted rendezvous hash. A branch that comes or goes moves only the"
              + " clients that it gets or had. Up to "
              + Policy.Sticky.BRANCHES_MAX
              + " branches; the client subnet's scope is no wider than the block.");
  private static final Key<List<Located<String>>> ALL =
      Key.of(
          "all",
          new ListOf<>(POOL, "pools", 1, CHILDREN_MAX),
          "The endpoints of every available pool together. An answer holds all of them, unless"
              + " 'answers' of the service says how many.");
  private static final Key<List<PolicyTerm.GeoBranch>> GEO =
      Key.of(
          "geo",
          new GeoBranches(POLICY),
          "Exactly one branch, by where the client is: own network ('networks/NAME', longest prefix"
              + " first), then autonomous system ('asn/64500'), then city by its geoname id"
              + " ('city/2950159'), then subdivision by its ISO 3166-2 code ('EU/DE/BY' or"
              + " 'country/DE/BY', the smallest first), then country ('EU/DE' or 'country/DE'),"
              + " then continent ('EU'), then 'default'. It never backs out to a less specific"
              + " branch.");
  private static final Key<String> SHARED =
      Key.of(
          "policy",
          new Reference(Reference.Kind.POLICY),
          "The policy of that name, defined under 'policies'.");

  /// All operators and what belongs to them; exactly one operator stands in a map.
  static final Section OPERATORS =
      new Section(
          "operator",
          "One operator of the policy language.",
          List.of(WEIGHTED, STICKY, NEAREST, LIMIT, BIAS, WITHIN, ALL, GEO, SHARED));

  private static final List<Key<?>> EXCLUSIVE =
      List.of(WEIGHTED, STICKY, NEAREST, ALL, GEO, SHARED);

  /// What belongs to a nearest.
  private static final List<Key<?>> OF_NEAREST = List.of(LIMIT, BIAS, WITHIN);

  private PolicyType() {}

  private static @Nullable List<Branch> poolBranches(
      List<Named.Entry<Integer>> entries, SourceSpan where, Place place, Binding binding) {
    List<Branch> branches = new ArrayList<>();
    for (Named.Entry<Integer> entry : entries) {
      Integer weight = entry.value();
      if (weight == null) {
        return null;
      }
      Located<String> name = entry.name();
      branches.add(new Branch(new PolicyTerm.Pool(name.value(), name.where()), weight));
    }
    return withSomeWeight(branches, where, place, binding);
  }

  private static Branch branchOfPool(String pool, SourceSpan where, Place place, Binding binding) {
    return new Branch(new PolicyTerm.Pool(pool, where), 1);
  }

  private static @Nullable Branch branch(
      Section.Fields fields, SourceSpan where, Place place, Binding binding) {
    PolicyTerm child = fields.find(TO);
    Integer weight = fields.find(WEIGHT);
    return child == null || weight == null ? null : new Branch(child, weight);
  }

  private static @Nullable List<Branch> branches(
      List<Located<Branch>> items, SourceSpan where, Place place, Binding binding) {
    return withSomeWeight(items.stream().map(Located::value).toList(), where, place, binding);
  }

  private static @Nullable List<Branch> withSomeWeight(
      List<Branch> branches, SourceSpan where, Place place, Binding binding) {
    if (branches.stream().allMatch(branch -> branch.weight() == 0)) {
      binding.error(
          where,
          place.words() + (branches.isEmpty() ? " has no branches" : " has only weights of 0"),
          "at least one weight must be above 0; a branch of weight 0 is a standby",
          "give one branch a weight");
      return null;
    }
    return branches;
  }

  @Override
  public PolicyTerm bind(YamlNode node, Place place, Binding binding) {
    return switch (node) {
      case YamlNode.Sequence sequence -> failover(sequence, place, binding);
      case YamlNode.Mapping mapping -> operator(mapping, place, binding);
      case YamlNode.Scalar scalar -> {
        boolean isText = scalar.kind() == YamlNode.Kind.TEXT && !scalar.text().isEmpty();
        if (!isText) {
          binding.refuse(node, place, this, "");
        }
        String pool = isText ? POOL.bind(node, place, binding) : null;
        yield pool == null
            ? new PolicyTerm.Broken(node.where())
            : new PolicyTerm.Pool(pool, node.where());
      }
    };
  }

  private PolicyTerm failover(YamlNode.Sequence sequence, Place place, Binding binding) {
    if (sequence.items().size() > CHILDREN_MAX) {
      binding.error(
          sequence.where(),
          place.words() + " has " + sequence.items().size() + " items",
          "a list of policies holds up to " + CHILDREN_MAX,
          "");
      return new PolicyTerm.Broken(sequence.where());
    }
    List<PolicyTerm> children = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      children.add(bind(item, place.item(children.size() + 1, item.where()), binding));
    }
    return new PolicyTerm.Failover(List.copyOf(children), sequence.where());
  }

  private PolicyTerm operator(YamlNode.Mapping mapping, Place place, Binding binding) {
    int errors = binding.diagnostics().errorCount();
    Section.Fields fields = OPERATORS.bind(mapping, place, binding);
    SourceSpan where = mapping.where();
    if (fields == null || binding.diagnostics().errorCount() > errors) {
      return new PolicyTerm.Broken(where);
    }
    List<String> written =
        EXCLUSIVE.stream().filter(fields::isWritten).map(key -> key.name()).toList();
    List<String> stray =
        fields.isWritten(NEAREST)
            ? List.of()
            : OF_NEAREST.stream().filter(fields::isWritten).map(key -> key.name()).toList();
    if (written.size() != 1 || !stray.isEmpty()) {
      binding.error(
          where,
          place.words()
              + (written.size() == 1
                  ? " has '" + stray.getFirst() + "' without 'nearest'"
                  : written.isEmpty()
                      ? " has no operator"
                      : " has several operators: " + String.join(", ", written)),
          "a policy's map holds one of weighted, sticky, nearest (with limit, bias and within),"
              + " all, geo and policy",
          "");
      return new PolicyTerm.Broken(where);
    }
    return term(fields, where, place, binding);
  }

  private static PolicyTerm term(
      Section.Fields fields, SourceSpan where, Place place, Binding binding) {
    List<Branch> weighted = fields.find(WEIGHTED);
    if (weighted != null) {
      return new PolicyTerm.Weighted(weighted, where);
    }
    List<Located<String>> nearest = fields.find(NEAREST);
    if (nearest != null) {
      return new PolicyTerm.Nearest(
          nearest, biases(fields), fields.get(LIMIT), fields.get(WITHIN), where);
    }
    List<Branch> sticky = fields.find(STICKY);
    if (sticky != null && sticky.size() > Policy.Sticky.BRANCHES_MAX) {
      binding.error(
          where,
          place.words() + " has " + sticky.size() + " branches in 'sticky'",
          "up to "
              + Policy.Sticky.BRANCHES_MAX
              + ": the hash is made over all of them for every query",
          "put some into branches of their own, with a 'sticky' each");
      return new PolicyTerm.Broken(where);
    }
    if (sticky != null) {
      return new PolicyTerm.Sticky(sticky, where);
    }
    List<Located<String>> all = fields.find(ALL);
    if (all != null) {
      return new PolicyTerm.All(all, where);
    }
    List<PolicyTerm.GeoBranch> geo = fields.find(GEO);
    if (geo != null) {
      return new PolicyTerm.Geo(geo, where);
    }
    Located<String> shared = fields.located(SHARED);
    return shared == null
        ? new PolicyTerm.Broken(where)
        : new PolicyTerm.Shared(shared.value(), shared.where());
  }

  private static List<PolicyTerm.Bias> biases(Section.Fields fields) {
    List<PolicyTerm.Bias> biases = new ArrayList<>();
    List<Named.Entry<Integer>> written = fields.find(BIAS);
    for (Named.Entry<Integer> entry : written == null ? List.<Named.Entry<Integer>>of() : written) {
      Integer percent = entry.value();
      if (percent != null) {
        biases.add(new PolicyTerm.Bias(entry.name(), percent));
      }
    }
    return biases;
  }

  @Override
  public Set<Shape> shapes() {
    return EnumSet.allOf(Shape.class);
  }

  @Override
  public String words() {
    return "a policy: a pool's name, a list of policies (first available), or a map with one of"
        + " weighted, sticky, nearest, all, geo and policy";
  }

  @Override
  public Json json(JsonSchema schema) {
    return schema.reference("policy", () -> definition(schema));
  }

  private Json definition(JsonSchema schema) {
    Json list =
        Json.object()
            .with("type", "array")
            .with("items", json(schema))
            .with("maxItems", CHILDREN_MAX);
    List<Json> one =
        EXCLUSIVE.stream().map(k -> Json.object().with("required", List.of(k.name()))).toList();
    Json operator =
        OPERATORS.definition(schema).with("oneOf", one).with("dependentRequired", ofNearest());
    return Json.object()
        .with("description", "Turns a client into a pool.")
        .with("anyOf", List.of(POOL.json(schema), list, operator));
  }

  private static Json ofNearest() {
    Json required = Json.object();
    for (Key<?> key : OF_NEAREST) {
      required = required.with(key.name(), List.of(NEAREST.name()));
    }
    return required;
  }

  /// The operators are listed once by themselves, since a policy contains policies.
  @Override
  public List<Type<?>> parts() {
    return List.of();
  }
}
