namespace ClipiaFlows.Planning;

/// <summary>What a job takes, for a forecast.</summary>
/// <param name="Seconds">How long the generation usually takes.</param>
/// <param name="Credits">What it costs; null when it cannot run, because the API refuses it or has not told the price.</param>
/// <param name="IsReused">Whether it takes the output of an equal job, at no cost and in no time.</param>
internal readonly record struct JobEffort(double Seconds, decimal? Credits, bool IsReused);

/// <summary>
/// Plays the batch through: whenever a slot and a request are free, the first ready job in the order of claiming that fits
/// into the budget starts. Among the ready, that is the higher priority, then the longer chain, then the manifest's order.
/// </summary>
internal sealed class ListSchedule
{
    private readonly IReadOnlyList<PlannedJob> _jobs;
    private readonly IReadOnlyList<JobEffort> _efforts;
    private readonly List<int>?[] _waiting;
    private readonly int[] _open;
    private readonly SortedDictionary<decimal, SortedSet<(int Priority, int Weight, int N)>> _ready = [];
    private readonly PriorityQueue<int, double> _running = new();
    private double _now;

    private ListSchedule(IReadOnlyList<PlannedJob> jobs, IReadOnlyList<JobEffort> efforts)
    {
        _jobs = jobs;
        _efforts = efforts;
        _waiting = new List<int>?[jobs.Count];
        _open = new int[jobs.Count];
        HasRun = new bool[jobs.Count];
        foreach (var job in jobs)
        {
            _open[job.N] = job.Needs.Count + job.After.Count;
            foreach (var other in job.Needs.Concat(job.After))
                (_waiting[other] ??= []).Add(job.N);
        }
    }

    /// <summary>Seconds until the last job has ended.</summary>
    public double Makespan { get; private set; }

    /// <summary>What the jobs cost that have run.</summary>
    public decimal Spent { get; private set; }

    /// <summary>Which jobs have run, by number; the others cannot run or would pass the budget, or need one that does.</summary>
    public bool[] HasRun { get; }

    /// <summary>Plays it to its end.</summary>
    /// <param name="jobs">The jobs; their dependencies have no cycle.</param>
    /// <param name="efforts">What each takes, by number.</param>
    /// <param name="slots">Generations at a time.</param>
    /// <param name="secondsPerStart">Seconds between two submissions at the allowed rate.</param>
    /// <param name="budget">Credits that may be spent; null for any number.</param>
    /// <param name="maxStarts">Generations that are started; what takes an output is not counted.</param>
    public static ListSchedule Run(
        IReadOnlyList<PlannedJob> jobs, IReadOnlyList<JobEffort> efforts, int slots, double secondsPerStart, decimal? budget,
        int maxStarts = int.MaxValue)
    {
        var schedule = new ListSchedule(jobs, efforts);
        schedule.Play(slots, secondsPerStart, budget, maxStarts);
        return schedule;
    }

    private void Play(int slots, double secondsPerStart, decimal? budget, int maxStarts)
    {
        foreach (var job in _jobs.Where(job => job.Needs.Count + job.After.Count == 0))
        {
            if (_efforts[job.N].IsReused)
                End(job.N);
            else
                Release(job.N);
        }

        var (nextStart, starts) = (0d, 0);
        while (true)
        {
            StartReady();
            if (!_running.TryDequeue(out var ended, out _now))
                return;
            Makespan = _now;
            // The slot is free as soon as the output is copied; those that need the job become ready after that.
            StartReady();
            End(ended);
        }

        void StartReady()
        {
            while (starts < maxStarts && _running.Count < slots && Next(budget - Spent) is { } n)
            {
                var start = Math.Max(_now, nextStart);
                nextStart = start + secondsPerStart;
                starts++;
                Spent += _efforts[n].Credits!.Value;
                _running.Enqueue(n, start + _efforts[n].Seconds);
            }
        }
    }

    /// <summary>Takes the first ready job that fits. Jobs of a price stand together, so that those too dear cost no time.</summary>
    private int? Next(decimal? left)
    {
        (decimal Price, (int Priority, int Weight, int N) Job)? best = null;
        foreach (var (price, jobs) in _ready.TakeWhile(bucket => left is null || bucket.Key <= left))
        {
            if (best is null || jobs.Min.CompareTo(best.Value.Job) < 0)
                best = (price, jobs.Min);
        }

        if (best is not { } found)
            return null;
        _ready[found.Price].Remove(found.Job);
        if (_ready[found.Price].Count == 0)
            _ready.Remove(found.Price);
        return found.Job.N;
    }

    /// <summary>Jobs that take an output end at once, and with them those that waited for nothing else: no recursion, chains are long.</summary>
    private void End(int ended)
    {
        var all = new Queue<int>([ended]);
        while (all.TryDequeue(out var n))
        {
            HasRun[n] = true;
            foreach (var waiting in _waiting[n] ?? [])
            {
                if (--_open[waiting] > 0)
                    continue;
                if (_efforts[waiting].IsReused)
                    all.Enqueue(waiting);
                else
                    Release(waiting);
            }
        }
    }

    private void Release(int n)
    {
        if (_efforts[n].Credits is not { } price)
            return;
        if (!_ready.TryGetValue(price, out var jobs))
            _ready.Add(price, jobs = []);
        jobs.Add((-_jobs[n].Priority, -_jobs[n].Weight, n));
    }
}
