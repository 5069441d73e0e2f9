using System.Runtime.ExceptionServices;

namespace EdgeBench.Engine.Inference.Threads;

/// <summary>
/// Dedicated threads that run one piece of work together (SPMD); the caller is member 0. Members that wait spin first and then park, so that phases of
/// microseconds cost no system call and idle members no processor. A dispatch and its phases allocate nothing. One caller at a time.
/// </summary>
public sealed class Crew : IDisposable
{
    private readonly Thread[] _threads;
    private readonly int[] _cpus;
    private readonly CrewGate _starts = new(), _phases = new(), _ends = new();
    private readonly CrewCounter _arrived = new(), _finished = new(), _next = new();
    private readonly CrewShares _shares;
    private volatile ICrewWork? _work;
    private volatile Exception? _failure;
    private volatile bool _stops;
    private bool _disposed;
    private CpuMask? _callersMask;
    private int _pinnedCaller;

    /// <param name="count">Members, the caller included.</param>
    /// <param name="pin">Binds each member to a processor of its own; see <see cref="PinProblem"/>.</param>
    public Crew(int count, bool pin = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        _shares = new(count);
        _cpus = pin ? Cpus(count) : [];
        _threads = new Thread[count - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int member = i + 1;
            _threads[i] = new Thread(() => Serve(member), 1 << 20) { IsBackground = true, Name = $"edgebench crew {member}" };
            _threads[i].Start();
        }
    }

    /// <summary>Members, the caller included.</summary>
    public int Count { get; }

    /// <summary>Processors that members are bound to, in their order; empty where they are not.</summary>
    public IReadOnlyList<int> BoundCpus => PinProblem is null ? _cpus : [];

    /// <summary>Why members that should be bound to processors are not, or null.</summary>
    public string? PinProblem { get; private set; }

    /// <summary>Runs <paramref name="work"/> on all members and returns when all have ended; the first exception of any member is thrown again.</summary>
    public void Run(ICrewWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_cpus.Length > 0) PinCaller();
        _failure = null;
        _arrived.Value = _finished.Value = _next.Value = 0;
        _shares.Reset();
        if (Count == 1)
        {
            work.Run(this, 0);
            return;
        }
        int end = _ends.Generation;
        _work = work;
        _starts.Open();
        Take(work, 0);
        if (_finished.Increment() < Count) _ends.Wait(end);
        _work = null;
        if (_failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Waits for all members; what they wrote before it is seen by all after it. Starts <see cref="Next"/> at 0 again.</summary>
    public void Barrier()
    {
        if (Count == 1)
        {
            _next.Value = 0;
            _shares.Reset();
            return;
        }
        int phase = _phases.Generation;
        if (_arrived.Increment() == Count)
        {
            _arrived.Value = _next.Value = 0;
            _shares.Reset();
            _phases.Open();
        }
        else
        {
            _phases.Wait(phase);
        }
        if (_failure is not null) throw new CrewAbandonedException();
    }

    /// <summary>The next number of this phase, from 0 up, that no other member got: for work whose pieces take unequal time.</summary>
    public int Next() => _next.Increment() - 1;

    /// <summary>
    /// The next part of this phase's <paramref name="total"/> items of equal size for a member: its own share in order, then parts of others'; false when all are taken.
    /// A phase shares one thing out so: all members name the same total.
    /// </summary>
    public bool TryTake(int member, int total, out int first, out int end) => _shares.TryTake(member, total, out first, out end);

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _stops = true;
        _starts.Open();
        foreach (Thread thread in _threads) thread.Join();
        foreach (CrewGate gate in new[] { _starts, _phases, _ends }) gate.Dispose();
        if (_callersMask is { } mask && Environment.CurrentManagedThreadId == _pinnedCaller) mask.Apply();
    }

    private void Serve(int member)
    {
        if (_cpus.Length > 0 && CpuMask.Of(_cpus[member]).Apply() is { } problem) PinProblem = problem;
        int seen = 0;
        while (true)
        {
            _starts.Wait(seen);
            seen++;
            if (_stops) return;
            Take(_work!, member);
            if (_finished.Increment() == Count) _ends.Open();
        }
    }

    // A member that fails still passes every barrier that others wait at: they see the failure there and leave.
    private void Take(ICrewWork work, int member)
    {
        try
        {
            work.Run(this, member);
        }
        catch (CrewAbandonedException)
        {
        }
        catch (Exception error)
        {
            _failure ??= error;
            if (_arrived.Increment() == Count) _arrived.Value = 0;
            _phases.Open();
        }
    }

    private void PinCaller()
    {
        if (Environment.CurrentManagedThreadId == _pinnedCaller) return;
        _callersMask = CpuMask.OfThisThread();
        _pinnedCaller = Environment.CurrentManagedThreadId;
        if (CpuMask.Of(_cpus[0]).Apply() is { } problem) PinProblem = problem;
    }

    private int[] Cpus(int count)
    {
        int[] allowed = CpuMask.OfThisThread()?.Cpus() ?? [];
        if (allowed.Length >= count) return allowed[..count];
        PinProblem = allowed.Length == 0 ? "this system tells no processor affinity" : $"{count} threads on {allowed.Length} processors";
        return [];
    }

    /// <summary>Another member failed; ends this one's work, and never leaves the crew.</summary>
    private sealed class CrewAbandonedException : Exception;
}
