using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeBench.Benchmarks.Harness;
using EdgeBench.Compression.Passes;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Benchmarks.Quantise;

/// <summary>
/// <c>quantise</c>: round-to-nearest from file to file, EdgeBench's pass against llama.cpp's quantiser, in alternating pairs, each in a process of its
/// own that does the work twice: cold (the program just started) and warm.
/// </summary>
internal static class QuantiseCommand
{
    private const int Threads = 2;

    public static Command Create()
    {
        Argument<FileInfo> model = new("model") { Description = "GGUF file, best in F16 or F32." };
        Option<DirectoryInfo> library = new("--library") { Description = "Folder with llama.cpp's libraries.", Required = true };
        Option<string> type = new("--type") { Description = "Type of all matrices.", DefaultValueFactory = _ => "q4_0" };
        Option<int> pairs = new("--pairs") { Description = "Alternating pairs.", DefaultValueFactory = _ => 8 };
        Option<string> folder = new("--folder") { Description = "Folder for what is written.", DefaultValueFactory = _ => Path.GetTempPath() };
        Option<string?> only = new("--only") { Description = "One side, once, as JSON: ours or llamacpp.", Hidden = true };
        model.AcceptExistingOnly();
        library.AcceptExistingOnly();
        type.AcceptOnlyFromAmong("q8_0", "q4_0", "q4_1", "q5_0", "q5_1", "q4_k", "q5_k", "q6_k");
        Command command = new("quantise", "Round-to-nearest file to file against llama.cpp's quantiser: seconds and peak memory.") { model, library, type, pairs, folder, only };
        command.SetAction(parsed =>
        {
            (string path, string libraries, string name) = (parsed.GetValue(model)!.FullName, parsed.GetValue(library)!.FullName, parsed.GetValue(type)!);
            if (parsed.GetValue(only) is { } side) Once(side, path, libraries, name, parsed.GetValue(folder)!);
            else Compare(path, libraries, name, parsed.GetValue(pairs), parsed.GetValue(folder)!);
        });
        return command;
    }

    private static void Compare(string model, string library, string type, int pairs, string folder)
    {
        List<(Cost Ours, Cost Theirs)> costs = [];
        for (int i = 0; i < pairs; i++)
        {
            Cost One(string side) => JsonSerializer.Deserialize<Cost>(
                Programs.Benchmark("quantise", model, "--library", library, "--type", type, "--folder", folder, "--only", side).Output)!;
            Cost first = One(i % 2 == 0 ? "ours" : "llamacpp"), second = One(i % 2 == 0 ? "llamacpp" : "ours");
            costs.Add(i % 2 == 0 ? (first, second) : (second, first));
            (Cost ours, Cost theirs) = costs[^1];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"pair {i + 1}: ours {ours.Cold:0.000} s cold, {ours.Warm:0.000} s warm, {ours.PeakBytes / 1e6:0} MB peak; llama.cpp {theirs.Cold:0.000} s, {theirs.Warm:0.000} s, {theirs.PeakBytes / 1e6:0} MB"));
        }
        using GgufFile file = GgufFile.Open(model);
        long largest = file.Tensors.Max(tensor => tensor.Bytes);
        Console.WriteLine($"{type}, seconds over llama.cpp's, cold: {PairedRatio.Of([.. costs.Select(cost => cost.Ours.Cold / cost.Theirs.Cold)])}");
        Console.WriteLine($"{type}, seconds over llama.cpp's, warm: {PairedRatio.Of([.. costs.Select(cost => cost.Ours.Warm / cost.Theirs.Warm)])}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"largest peak {costs.Max(cost => cost.Ours.PeakBytes) / 1e6:0} MB; twice the largest tensor and 200 MB are {((2 * largest) + 200_000_000) / 1e6:0} MB"));
    }

    private static void Once(string side, string model, string library, string type, string folder)
    {
        string output = Path.Combine(folder, $"edgebench-quantise-{Environment.ProcessId}.gguf");
        try
        {
            Action work = side == "ours" ? () => Ours(model, output, type) : Theirs(model, output, type, library);
            (double cold, double warm) = (Seconds(work), Seconds(work));
            Console.WriteLine(JsonSerializer.Serialize(new Cost(cold, warm, PeakBytes())));
        }
        finally
        {
            File.Delete(output);
        }
    }

    private static void Ours(string model, string output, string type)
    {
        using GgufFile input = GgufFile.Open(model);
        // What llama.cpp's --pure does with an embedding whose rows 256 does not divide.
        GgmlType asked = Enum.GetValues<GgmlType>().Single(one => one.ToString().Equals(type, StringComparison.OrdinalIgnoreCase));
        string embedding = input.Find("token_embd.weight") is { } table && table.RowLength % asked.Info().BlockSize != 0
            ? asked switch { GgmlType.Q4_K => "q5_0", GgmlType.Q5_K => "q5_1", _ => "q8_0" }
            : type;
        using JsonDocument parameters = JsonDocument.Parse($$"""{"weights":"{{type}}","embeddings":"{{embedding}}"}""");
        PassRegistry.Find("ptq").Apply(input, output, parameters.RootElement, new PassContext());
    }

    private static Action Theirs(string model, string output, string type, string library)
    {
        // LLAMA_FTYPE_MOSTLY_* in llama.h.
        int fileType = type switch { "q4_0" => 2, "q4_1" => 3, "q8_0" => 7, "q5_0" => 8, "q5_1" => 9, "q4_k" => 14, "q5_k" => 16, _ => 18 };
        QuantiseNative.Load(library);
        return () => QuantiseNative.Run(model, output, fileType, Threads);
    }

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    // Of the whole process from its start; pages of the mapped input that were resident at once are counted.
    private static long PeakBytes() =>
        1024 * File.ReadLines("/proc/self/status").Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)).Single();

    /// <summary>Seconds of the first and the second time, and the process's peak resident memory.</summary>
    private sealed record Cost(double Cold, double Warm, long PeakBytes);
}
