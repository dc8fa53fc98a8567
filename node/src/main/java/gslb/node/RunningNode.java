package gslb.node;

import gslb.admin.AdminCallException;
import gslb.admin.AdminClient;
import gslb.admin.AdminToken;
import gslb.base.Address;
import gslb.base.Diagnostics;
import gslb.config.ConfigLoader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The options by which a verb finds the running node: its configuration file says where it listens
/// and where its token is.
final class RunningNode {
  private static final String WITHOUT_TOKEN = "the node cannot be asked without its token";

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The configuration file of the running node.")
  private String file = "";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /// The configuration file.
  String file() {
    return file;
  }

  /// Something that is asked of the node.
  @FunctionalInterface
  interface Call {
    int on(AdminClient client) throws AdminCallException;
  }

  /// Calls the node; says why if that cannot be done.
  int call(Call call) throws Refused {
    return call(file, spec, call);
  }

  /// Calls the node that a configuration file is of.
  ///
  /// @param spec of the command, for its messages
  static int call(String file, CommandSpec spec, Call call) throws Refused {
    Diagnostics diagnostics = new Diagnostics();
    ConfigLoader.AdminAccess access =
        ConfigLoader.adminAccess(new DiskFiles(), file, diagnostics)
            .orElseThrow(() -> new Refused(ExitCode.CONFIG, diagnostics.sorted()));
    URI node = URI.create("http://" + Address.withPort(access.listen()));
    Path path = Path.of(access.stateDirectory()).resolve(StateDirectory.TOKEN_FILE);
    String written;
    try {
      written = Files.readString(path, StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      boolean isMissing = e instanceof NoSuchFileException;
      Failure.tell(
          spec.commandLine(),
          WITHOUT_TOKEN,
          "the node's token "
              + path
              + (isMissing
                  ? " does not exist; the node writes it when it starts; is "
                      + file
                      + " what it was started with?"
                  : " cannot be read; it is for the node's own user; run this as that user"));
      return ExitCode.UNAVAILABLE;
    }
    Optional<AdminToken> token = AdminToken.parse(written);
    if (token.isEmpty()) {
      String detail = "'" + path + "' holds no token; restart the node";
      Failure.tell(spec.commandLine(), WITHOUT_TOKEN, detail);
      return ExitCode.UNAVAILABLE;
    }
    try (AdminClient client = new AdminClient(node, token.get())) {
      return call.on(client);
    } catch (AdminCallException e) {
      Failure.tellAs(spec.commandLine(), String.valueOf(e.getMessage()), e.json());
      return switch (e.kind()) {
        case UNREACHABLE, NOT_ALLOWED -> ExitCode.UNAVAILABLE;
        case WRONG -> ExitCode.USAGE;
        case NOT_FOUND -> ExitCode.NEGATIVE;
        case FAILED -> ExitCode.SOFTWARE;
      };
    }
  }
}
