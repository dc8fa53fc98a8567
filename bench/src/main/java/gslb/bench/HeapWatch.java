package gslb.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/// How much of the heap this process used at most. What a collector has not come round to counts:
/// before a collection the heap is as full as its limit lets it be.
final class HeapWatch {
  private static final double MEGABYTE = 1e6;

  private final List<String> heapPools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(MemoryPoolMXBean::getName)
          .toList();
  private long before;
  private long after;

  HeapWatch() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener((notification, _) -> hear(notification), null, null);
      }
    }
  }

  private synchronized void hear(Notification notification) {
    if (notification.getUserData() instanceof CompositeData data
        && notification
            .getType()
            .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      var collection = GarbageCollectionNotificationInfo.from(data).getGcInfo();
      before = Math.max(before, sum(collection.getMemoryUsageBeforeGc()));
      after = Math.max(after, sum(collection.getMemoryUsageAfterGc()));
    }
  }

  private long sum(Map<String, MemoryUsage> usage) {
    long sum = 0;
    for (Map.Entry<String, MemoryUsage> of : usage.entrySet()) {
      sum += heapPools.contains(of.getKey()) ? of.getValue().getUsed() : 0;
    }
    return sum;
  }

  /// Megabytes in use at most, what nobody needed any more among them.
  synchronized double peak() {
    return Math.max(before, used()) / MEGABYTE;
  }

  /// Megabytes that some collection left at most.
  synchronized double survived() {
    return after / MEGABYTE;
  }

  synchronized void reset() {
    before = 0;
    after = 0;
  }

  /// Megabytes that a full collection leaves. G1 gives large arrays whole regions of a megabyte, of
  /// which the rest counts too.
  static double retained() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    long left = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage usage = pool.getCollectionUsage();
      left += pool.getType() == MemoryType.HEAP && usage != null ? usage.getUsed() : 0;
    }
    return left / MEGABYTE;
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
