using System.Diagnostics;
using System.Text.Json;
using EdgeBench.Agent.Native;
using EdgeBench.Core.IO;
using EdgeBench.Core.Wire;

namespace EdgeBench.Agent.Serving.Leasing;

/// <summary>
/// The device's lease: a lock file that its holder keeps open (so it ends with that agent, however it dies) and, beside it, who holds it under which epoch.
/// A holder that can never let go by itself is ended: one that is stopped, and one that an earlier connection of the same controller left behind.
/// </summary>
/// <param name="folder">The device's cache folder.</param>
internal sealed class DeviceLease(string folder) : IDisposable
{
    private const int MaxRecordBytes = 64 * 1024;

    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(3), s_pause = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly string _record = Path.Combine(folder, "lease.json");
    private ProcessLock? _lock;

    /// <summary>Epoch of the lease that this agent holds; 0 without one.</summary>
    public long Epoch { get; private set; }

    /// <summary>Whether the holder asked for outcomes to be kept until it acknowledges them.</summary>
    public bool KeepsOutcomes { get; private set; }

    /// <summary>Takes the lease, or tells who holds it. A second call of the holder answers the same epoch. Throws <see cref="IOException"/>.</summary>
    public LeaseAnswer Take(LeaseRequest request)
    {
        lock (_gate)
        {
            if (_lock is not null) return new LeaseAnswer(Epoch);
            ProcessLock? free = TryLock() ?? (EndUselessHolder(request.Session) ? TryLockSoon() : null);
            if (free is null) return new LeaseAnswer(0, Read() is { } record ? new LeaseHolder(record.Holder, record.Since) : new LeaseHolder("another agent", DateTimeOffset.UtcNow));
            try
            {
                TornFiles.Delete(folder);
                Epoch = (Read()?.Epoch ?? 0) + 1;
                Process self = Process.GetCurrentProcess();
                LeaseRecord mine = new(Epoch, request.Holder, request.Session, DateTimeOffset.UtcNow, self.Id, ProcessState.Of(self.Id)?.StartedAt ?? 0);
                AtomicFile.WriteText(_record, EdgeBenchJson.Serialize(mine));
                _lock = free;
                KeepsOutcomes = request.KeepOutcomes;
                return new LeaseAnswer(Epoch);
            }
            catch
            {
                Epoch = 0;
                free.Dispose();
                throw;
            }
        }
    }

    /// <summary>Whether the device's record still names the epoch that this agent holds: what ran beside a second holder is no measurement.</summary>
    public bool IsOurs()
    {
        lock (_gate) return _lock is not null && Read()?.Epoch == Epoch;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _lock?.Dispose();
            _lock = null;
            Epoch = 0;
        }
    }

    private ProcessLock? TryLock() => ProcessLock.TryAcquire(Path.Combine(folder, "lease.lock"));

    // The kernel lets go of a killed process's lock when it has taken the process down.
    private ProcessLock? TryLockSoon()
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < s_ending)
        {
            if (TryLock() is { } free) return free;
            Thread.Sleep(s_pause);
        }
        return null;
    }

    private bool EndUselessHolder(string session)
    {
        if (Read() is not { } record) return false;
        // Where it is gone, its lock goes with it in a moment. A process number alone could by now be somebody else's.
        if (ProcessState.Of(record.ProcessId) is not { } holder || holder.StartedAt != record.ProcessStartedAt) return true;
        if (holder.Runs && record.Session != session) return false;
        Libc.KillGroup(record.ProcessId);
        return true;
    }

    private LeaseRecord? Read()
    {
        try
        {
            return new FileInfo(_record) is { Exists: true, Length: <= MaxRecordBytes } ? JsonSerializer.Deserialize<LeaseRecord>(File.ReadAllText(_record), EdgeBenchJson.Options) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private sealed record LeaseRecord(long Epoch, string Holder, string Session, DateTimeOffset Since, int ProcessId, long ProcessStartedAt);
}
