package dev.pushgateway.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Users, tokens and their permissions. Immutable.
 *
 * @param users bcrypt hashes of passwords, by user name
 * @param tokens names of bearer tokens, by SHA-256 of the token
 * @param roles absent if each user and each token may do everything
 * @param openHealth whether {@code /-/healthy} and {@code /-/ready} need no password or token
 */
public record AccessRules(
    Map<String, String> users,
    Map<SecretKey, String> tokens,
    Optional<Roles> roles,
    boolean openHealth) {

  /**
   * Permissions by user and by token. {@code anyone} holds those of clients without password or
   * token.
   */
  record Roles(
      Permissions anyone, Map<String, Permissions> users, Map<String, Permissions> tokens) {
    Roles {
      users = Map.copyOf(users);
      tokens = Map.copyOf(tokens);
    }
  }

  public AccessRules {
    users = Map.copyOf(users);
    tokens = Map.copyOf(tokens);
  }

  /** Returns the names, without any hash. */
  @Override
  public String toString() {
    return "users " + users.keySet() + ", tokens " + tokens.values();
  }

  /** Returns whether any request may be refused: whether there are users, tokens or roles. */
  public boolean restrict() {
    return !users.isEmpty() || !tokens.isEmpty() || roles.isPresent();
  }

  /** Returns the client that sent no password or token. */
  Client anyone() {
    Permissions permissions =
        roles.map(Roles::anyone).orElse(restrict() ? Permissions.NONE : Permissions.ALL);
    return new Client(false, "", permissions);
  }

  Client user(String name) {
    Permissions all = Permissions.ALL;
    return new Client(
        true, name, roles.map(r -> r.users().getOrDefault(name, r.anyone())).orElse(all));
  }

  Client token(String name) {
    Permissions all = Permissions.ALL;
    return new Client(
        true, name, roles.map(r -> r.tokens().getOrDefault(name, r.anyone())).orElse(all));
  }

  /** Returns the authentication schemes of this file, as values of {@code WWW-Authenticate}. */
  public List<String> challenges() {
    String basic = "Basic realm=\"pushgateway\", charset=\"UTF-8\"";
    String bearer = "Bearer realm=\"pushgateway\"";
    if (tokens.isEmpty()) {
      return List.of(basic);
    }
    return users.isEmpty() ? List.of(bearer) : List.of(basic, bearer);
  }
}
