using System.Diagnostics;
using System.Text.RegularExpressions;
using EdgeBench.Core.Problems;

namespace EdgeBench.Fuzz;

/// <summary>What a run over one target saw.</summary>
/// <param name="Accepted">Executions whose input was taken.</param>
/// <param name="DistinctErrors">Shapes of messages, numbers and names aside.</param>
/// <param name="LargestAllocation">Bytes that one execution allocated.</param>
/// <param name="Slowest">Longest execution.</param>
/// <param name="Findings">One line for each; empty where the parser held.</param>
internal sealed record FuzzRecord(
    string Target, long Executions, long Accepted, int DistinctErrors, long LargestAllocation, TimeSpan Slowest, TimeSpan Duration, IReadOnlyList<string> Findings);

/// <summary>
/// Executes a target on mutations of its seeds. An input that gives an error of a new shape joins the inputs that are mutated further; so does the one that
/// allocated most, in the place of the one that did before: two dozen such would take all the time. The same seed gives the same inputs.
/// </summary>
internal sealed partial class FuzzRun(IFuzzTarget target, int seed, string folder)
{
    public const long AllocationLimit = 256_000_000;

    private const int CorpusLimit = 4096;

    private readonly HashSet<string> _shapes = new(StringComparer.Ordinal);
    private readonly List<string> _findings = [];
    private long _accepted;
    private long _largest;
    private long _slowest;

    public FuzzRecord Execute(long executions, CancellationToken cancellation)
    {
        Random random = new(seed);
        Mutator mutator = new(random);
        List<byte[]> corpus = [.. target.Seeds];
        int heaviest = -1;
        using LastInput last = new(folder, target.Name);
        using Watchdog watchdog = new(target.Name, $"its input is in '{last.Path}' after four bytes of length");
        long started = Stopwatch.GetTimestamp(), done = 0;
        foreach (byte[] valid in target.Seeds) RefuseBadSeed(valid);
        for (; done < executions && _findings.Count < 10 && !cancellation.IsCancellationRequested; done++)
        {
            // Half of all start from a valid input: what was found later is mostly refused early.
            byte[] from = corpus[random.Next(random.Next(2) == 0 ? target.Seeds.Count : corpus.Count)];
            byte[]? restructured = random.Next(2) == 0 ? target.Restructure(from, random) : null;
            byte[] input = restructured is { Length: <= Mutator.LongestInput } ? restructured : mutator.Mutate(from, corpus[random.Next(corpus.Count)]);
            last.Keep(input);
            long most = _largest;
            bool isNew = ExecuteOne(input, watchdog);
            if (_largest > most && heaviest >= 0) corpus[heaviest] = input;
            else if ((isNew || _largest > most) && corpus.Count < CorpusLimit) corpus.Add(input);
            if (_largest > most && heaviest < 0) heaviest = corpus.Count - 1;
        }
        return new FuzzRecord(target.Name, done, _accepted, _shapes.Count, _largest, TimeSpan.FromTicks(_slowest), Stopwatch.GetElapsedTime(started), _findings);
    }

    private void RefuseBadSeed(byte[] valid)
    {
        try
        {
            target.Execute([.. valid]);
        }
        catch (EdgeBenchException error)
        {
            throw new InvalidOperationException($"A seed of '{target.Name}' is refused: {error.Message}", error);
        }
    }

    /// <summary>Whether the input gave an error of a new shape.</summary>
    private bool ExecuteOne(byte[] input, Watchdog watchdog)
    {
        bool isNew = false;
        byte[] given = [.. input];
        long before = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
        watchdog.Start();
        try
        {
            target.Execute(given);
            _accepted++;
        }
        catch (EdgeBenchException error)
        {
            isNew = _shapes.Add(Shape(error.Message));
        }
        catch (Exception error)
        {
            Report($"{error.GetType().Name}: {error.Message}\n{error.StackTrace}", input);
        }
        watchdog.Stop();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        _slowest = Math.Max(_slowest, Stopwatch.GetElapsedTime(started).Ticks);
        if (allocated > AllocationLimit) Report($"{allocated:N0} bytes allocated for an input of {input.Length}", input);
        _largest = Math.Max(_largest, allocated);
        return isNew;
    }

    private void Report(string what, byte[] input)
    {
        string path = Path.Combine(folder, $"{target.Name}-{_findings.Count}.bin");
        File.WriteAllBytes(path, input);
        _findings.Add($"{what}\ninput: {path}");
    }

    // What is quoted comes from the input, line breaks and all; so do numbers and the hexadecimal bytes of a foreign file.
    private static string Shape(string message) => Varying().Replace(message, "#").Split('\n')[0];

    [GeneratedRegex("'.*'|the bytes [0-9a-f]+|[0-9]+( × [0-9]+)*", RegexOptions.Singleline)]
    private static partial Regex Varying();
}
