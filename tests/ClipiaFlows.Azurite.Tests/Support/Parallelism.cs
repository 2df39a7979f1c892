// These tests wait for other processes most of the time, and two at once leave a machine of two cores half idle.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
