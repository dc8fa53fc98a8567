package gslb.node;

import gslb.node.demo.Demo;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `gslb train`: serves for a moment in this process and ends, so that the JVM can write down which
/// classes a start needs. The launcher runs it once.
@Command(name = "train", hidden = true, description = "Serves for a moment and ends.")
final class TrainCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException {
    Demo.train(Home.folder(), file -> Node.start(file, Node.Edges.real()));
    return ExitCode.OK;
  }
}
