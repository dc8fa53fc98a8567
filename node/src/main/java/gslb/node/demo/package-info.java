/// `gslb demo`: the main job on one machine. Real nodes as child processes, pools of small web
/// servers on loopback, and commands that kill and revive them.
@NullMarked
package gslb.node.demo;

import org.jspecify.annotations.NullMarked;
