using System.Diagnostics;
using System.Text.Json;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;

namespace EdgeBench.TrialDouble;

/// <summary>Does what its parameter <c>do</c> says; everything but <c>measure</c> and its likes ends a trial badly.</summary>
public sealed class MisbehavingWorkload : IWorkload
{
    public const string TypeName = "misbehave";

    public string Name => TypeName;

    public bool IsQuality => false;

    public Type ParametersType => typeof(object);

    public IReadOnlyList<Metric> Metrics(JsonElement parameters) => [MetricRegistry.DecodeRate];

    public IReadOnlyList<WorkloadTest> Tests(JsonElement parameters) => [new("misbehave", parameters)];

    public SessionNeeds Needs(JsonElement parameters, int threads) => new(threads, 32, 1);

    public WorkloadCost Cost(JsonElement parameters, IReadOnlyDictionary<string, long> dataBytes) => new(1, 1, true, false);

    public void Run(WorkloadContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        string deed = context.Request.Parameters.GetProperty("do").GetString()!;
        context.Samples.Fact("deed", deed);
        TrialLog.Note("begin", context.Request.TrialId);
        Do(deed, context);
        TrialLog.Note("end", context.Request.TrialId);
    }

    private static void Do(string deed, WorkloadContext context)
    {
        switch (deed)
        {
            case "measure": Measure(context, 3); break;
            case "measure much": Measure(context, 100_000); break;
            case "measure for a second": MeasureForASecond(context); break;
            case "measure both": MeasureBoth(context); break;
            case "print and measure": PrintAndMeasure(context); break;
            case "flood and measure": FloodAndMeasure(context); break;
            case "babble and measure": BabbleAndMeasure(context); break;
            case "throw": throw new InvalidOperationException("the fake broke");
            case "refuse": throw new TrialException(FailureKind.Unsupported, "context of 32 is too short", "Ask for less.");
            case "segfault": NativeFaults.SegmentationFault(); break;
            case "abort": AbortWithWords(); break;
            case "kill itself": NativeFaults.Signal(9); break;
            case "illegal instruction": NativeFaults.IllegalInstruction(); break;
            case "exit silently": NativeFaults.ExitNow(0); break;
            case "exit 3": NativeFaults.ExitNow(3); break;
            case "hang": Thread.Sleep(Timeout.Infinite); break;
            case "spin": Spin(); break;
            case "hang with a child": HangWithChild(); break;
            case "eat memory": EatMemory(); break;
            default: throw new ArgumentException($"no deed '{deed}'");
        }
    }

    private static void Measure(WorkloadContext context, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (i < 3) context.Samples.BeforeRepetition(i, warmup: false);
            context.Samples.Add(MetricRegistry.DecodeRate, i, i + 0.5, context.Samples.Now);
        }
    }

    // Ten repetitions of a tenth of a second that tell their time and five tokens each.
    private static void MeasureForASecond(WorkloadContext context)
    {
        for (int i = 0; i < 10; i++)
        {
            context.Samples.BeforeRepetition(i, warmup: false);
            double start = context.Samples.Now;
            Thread.Sleep(100);
            double end = context.Samples.Now;
            context.Samples.Add(MetricRegistry.DecodeRate, i, 5 / (end - start), end);
            context.Samples.Add(MetricRegistry.RepetitionTime, i, (end - start) * 1e3, end);
            context.Samples.Add(MetricRegistry.RepetitionTokens, i, 5, end);
        }
    }

    private static void MeasureBoth(WorkloadContext context)
    {
        context.OpenReference();
        Measure(context, 3);
    }

    private static void PrintAndMeasure(WorkloadContext context)
    {
        NativeFaults.Print(1, "{\"version\":1} garbage from a library's printf\n");
        Console.WriteLine("and from managed code");
        Measure(context, 3);
        NativeFaults.Print(1, "no line end");
    }

    private static void FloodAndMeasure(WorkloadContext context)
    {
        string line = new string('x', 1023) + "\n";
        for (int i = 0; i < 8192; i++) NativeFaults.Print(2, line);
        Measure(context, 3);
    }

    // Bytes of no encoding and lines without end, on both streams at once.
    private static void BabbleAndMeasure(WorkloadContext context)
    {
        byte[] noise = new byte[64 * 1024];
        for (int i = 0; i < 64; i++)
        {
            Random.Shared.NextBytes(noise);
            NativeFaults.Print(1 + i % 2, noise);
        }
        Measure(context, 3);
        NativeFaults.Print(1, "\nContent-Length: 99999999\r\n\r\n{\"version\":4,\"event\":\"outcome\"}\n");
    }

    private static void AbortWithWords()
    {
        NativeFaults.Print(2, "GGML_ASSERT(fake) failed\n");
        NativeFaults.AbortNow();
    }

    // Busy in managed code: nothing in the process yields.
    private static void Spin()
    {
        while (true) Thread.SpinWait(1000);
    }

    private static void HangWithChild()
    {
        using Process child = Process.Start("sleep", "300");
        Thread.Sleep(Timeout.Infinite);
    }

    private static void EatMemory()
    {
        List<byte[]> eaten = [];
        while (true)
        {
            byte[] block = new byte[4 * 1024 * 1024];
            Array.Fill(block, (byte)1);
            eaten.Add(block);
            Thread.Sleep(1);
        }
    }
}
