package dev.pushgateway.access;

import static dev.pushgateway.access.YamlMapping.quoted;

import dev.pushgateway.access.AccessRules.Roles;
import dev.pushgateway.selector.SelectorException;
import dev.pushgateway.selector.SelectorParser;
import dev.pushgateway.selector.SeriesSelector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads the users of the exporter-toolkit ({@code basic_auth_users}), and tokens and roles of our
 * own document.
 *
 * <pre>
 *   bearer_tokens:
 *     ci: 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b     SHA-256
 *   roles:
 *     - users: [nightly]
 *       tokens: [ci]
 *       may: [push, delete]
 *       groups: ['{job=~"backup|nightly"}']                             optional: only these groups
 *     - anyone: true
 *       may: [scrape]
 *   open_health: true
 * </pre>
 */
final class AccessRulesParser {
  /** Maximum number of names in one warning. */
  private static final int MAX_NAMED = 5;

  private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");

  private final Map<String, String> users = new HashMap<>();
  private final Map<SecretKey, String> tokens = new HashMap<>();
  private final Map<String, Permissions> userPermissions = new HashMap<>();
  private final Map<String, Permissions> tokenPermissions = new HashMap<>();
  private final List<String> warnings = new ArrayList<>();
  private Permissions anyone = Permissions.NONE;

  /**
   * Takes the keys for users out of the first document, and all keys out of the second.
   *
   * @throws WebConfigException for a wrong or unknown key, with its line
   */
  AccessRules read(YamlMapping toolkit, YamlMapping document) throws WebConfigException {
    readUsers(toolkit);
    for (String key : List.of("roles", "bearer_tokens", "open_health")) {
      if (toolkit.keys().contains(key)) {
        throw toolkit.wrong(
            key, key + " goes below a line \"---\", so that promtool takes the file");
      }
    }
    readTokens(document);
    Optional<List<Node>> grants = document.list("roles");
    boolean openHealth = document.bool("open_health", true);
    document.refuseTheRest();
    for (Node grant : grants.orElse(List.of())) {
      readGrant(YamlMapping.of(grant, "roles"));
    }
    return new AccessRules(users, tokens, grants.map(present -> roles()), openHealth);
  }

  /** Returns one sentence for each entry that works but is probably a mistake. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  private void readUsers(YamlMapping toolkit) throws WebConfigException {
    YamlMapping given = toolkit.mapping("basic_auth_users");
    List<String> withTail = new ArrayList<>();
    List<String> costly = new ArrayList<>();
    for (String name : given.keys()) {
      String text = given.text(name).orElse("");
      String hash =
          Bcrypt.at(text)
              .orElseThrow(
                  () ->
                      given.wrong(
                          name, "the password of " + quoted(name) + " is not a hash of bcrypt"));
      users.put(name, hash);
      if (text.length() > Bcrypt.LENGTH) {
        withTail.add(quoted(name));
      }
      if (Bcrypt.cost(hash) > LoginQueues.MAX_USUAL_COST) {
        costly.add(quoted(name) + " (cost " + Bcrypt.cost(hash) + ")");
      }
    }
    warn("characters behind the 60 of a bcrypt hash are ignored: ", withTail);
    warn(
        "a bcrypt hash with a cost above 14 makes logins slow, and one such login is checked at a"
            + " time: ",
        costly);
  }

  private void warn(String what, List<String> names) {
    if (!names.isEmpty()) {
      int more = names.size() - MAX_NAMED;
      String named = String.join(", ", names.subList(0, Math.min(MAX_NAMED, names.size())));
      warnings.add(what + named + (more > 0 ? " and " + more + " more" : ""));
    }
  }

  private void readTokens(YamlMapping document) throws WebConfigException {
    YamlMapping given = document.mapping("bearer_tokens");
    for (String name : given.keys()) {
      String hash = given.text(name).orElse("");
      if (!SHA_256.matcher(hash).matches()) {
        throw given.wrong(name, "the token " + quoted(name) + " is not a SHA-256 in 64 hex digits");
      }
      if (tokens.put(new SecretKey(HexFormat.of().parseHex(hash)), name) != null) {
        throw given.wrong(name, "the token " + quoted(name) + " is that of another name, too");
      }
    }
  }

  private void readGrant(YamlMapping grant) throws WebConfigException {
    List<String> grantedUsers = grant.texts("users").orElse(List.of());
    List<String> grantedTokens = grant.texts("tokens").orElse(List.of());
    boolean isForAnyone = grant.bool("anyone", false);
    Set<Role> roles = roles(grant);
    Permissions granted = Permissions.of(roles, groups(grant, roles));
    grant.refuseTheRest();
    if (grantedUsers.isEmpty() && grantedTokens.isEmpty() && !isForAnyone) {
      throw grant.wrong("roles: expected users, tokens or anyone: true");
    }
    refuseUnknown(grant, "users", grantedUsers, users.keySet());
    refuseUnknown(grant, "tokens", grantedTokens, tokens.values());
    grantedUsers.forEach(name -> userPermissions.merge(name, granted, Permissions::and));
    grantedTokens.forEach(name -> tokenPermissions.merge(name, granted, Permissions::and));
    if (isForAnyone) {
      anyone = anyone.and(granted);
    }
  }

  private static void refuseUnknown(
      YamlMapping grant, String key, List<String> names, Collection<String> known)
      throws WebConfigException {
    for (String name : names) {
      if (!known.contains(name)) {
        throw grant.wrong(key, key + ": " + quoted(name) + " is not known");
      }
    }
  }

  private static Set<Role> roles(YamlMapping grant) throws WebConfigException {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String word : grant.texts("may").orElse(List.of())) {
      String why = "may: expected push, delete, scrape or admin, found " + quoted(word);
      roles.add(Role.of(word).orElseThrow(() -> grant.wrong("may", why)));
    }
    if (roles.isEmpty()) {
      throw grant.wrong("roles: expected something that they may");
    }
    return roles;
  }

  private static List<SeriesSelector> groups(YamlMapping grant, Set<Role> roles)
      throws WebConfigException {
    boolean isThere = grant.keys().contains("groups");
    Optional<List<String>> texts = grant.texts("groups");
    List<SeriesSelector> selectors = new ArrayList<>();
    for (String text : texts.orElse(List.of())) {
      selectors.add(selector(grant, text));
    }
    if (isThere && selectors.isEmpty()) { // A key without a value must not stand for all groups.
      throw grant.wrong("groups", "groups: expected a selector at least");
    }
    boolean isOfUse = roles.contains(Role.PUSH) || roles.contains(Role.DELETE);
    if (texts.isPresent() && !isOfUse) {
      throw grant.wrong(
          "groups", "groups: they restrict push and delete, neither of which is here");
    }
    return selectors;
  }

  private static SeriesSelector selector(YamlMapping grant, String text) throws WebConfigException {
    String where = "groups: " + quoted(text);
    try {
      SeriesSelector selector = SelectorParser.parse(text);
      if (selector.matchers().stream().anyMatch(m -> m.name().equals(SeriesSelector.NAME))) {
        throw grant.wrong(
            "groups", where + ": groups are selected by their labels, not by metrics");
      }
      return selector;
    } catch (SelectorException e) {
      throw grant.wrong("groups", where + ", " + e.getMessage());
    }
  }

  /** Adds the permissions of anyone to those of each user and token. */
  private Roles roles() {
    userPermissions.replaceAll((name, own) -> own.and(anyone));
    tokenPermissions.replaceAll((name, own) -> own.and(anyone));
    return new Roles(anyone, userPermissions, tokenPermissions);
  }
}
