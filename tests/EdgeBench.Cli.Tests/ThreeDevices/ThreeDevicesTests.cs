using System.Globalization;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Runs;
using EdgeBench.Running.Journal;
using EdgeBench.Testing;
using Microsoft.VisualBasic.FileIO;

namespace EdgeBench.Cli.Tests.ThreeDevices;

/// <summary>One <c>bench.yaml</c> over three devices at once: this machine, a board behind a bad link, and an emulated Arm board.</summary>
[Collection(nameof(ShapedLink))]
public class ThreeDevicesTests(DeviceDesk desk) : IClassFixture<DeviceDesk>
{
    private static readonly string[] s_devices = ["local", "board", "arm"];

    private static readonly string[] s_speeds = ["prefill_tok_s", "decode_tok_s", "e2e_tok_s", "ttft_ms", "tpot_ms", "itl_ms_p50", "e2e_ms", "load_time_ms"];

    // The model has 1.3 million parameters: 1.4 MB in each format for the link to lose packets of.
    private const string Speed = """
        name: speed
        models: { m: { source: "random:", shape: { layers: 4, width: 128, heads: 4, kv_heads: 2, ffn: 384, vocabulary: 4096, context: 128, tied_embeddings: true } } }
        recipes: { int8: [ { ptq: { weights: q8_0 } } ] }
        backends: [llamacpp, onnxruntime]
        devices: [local, board, arm]
        workloads: { w: { scenario: single-stream, prompt: 16, generate: 8 } }
        measure: { sessions: 1, min_samples: 3, min_duration: 50ms, seed: 1 }
        """;

    private const string Quality = """
        name: quality
        models: { m: "file:MODEL" }
        recipes: { int8: [ { ptq: { weights: q8_0 } } ] }
        backends: [llamacpp]
        devices: [local, board, arm]
        workloads: { w: { task: perplexity, data: "TEXT", context: 128, chunks: 4 } }
        measure: { sessions: 1, seed: 1 }
        """;

    [Fact]
    public async Task All_three_are_in_one_report_and_the_emulated_one_has_no_speed()
    {
        desk.Require();
        desk.Line.Write("speed.yaml", Speed);
        long lost = desk.Link.There.Lost + desk.Link.Back.Lost;
        CommandResult run = await desk.Line.RunAsync("run", "speed.yaml");
        // 4: a cell has no valid measurement on a machine as busy as this; then its row says why.
        Assert.True(run.ExitCode is 0 or 4, run.Output + run.Error);
        Assert.DoesNotContain(run.Error.Split('\n'), words => words.Contains("/arm/", StringComparison.Ordinal) && words.Contains("tok/s", StringComparison.Ordinal));
        Assert.NotEqual(lost, desk.Link.There.Lost + desk.Link.Back.Lost);

        StoredRun stored = Stored("speed");
        Assert.Equal(from device in s_devices from backend in new[] { "llamacpp", "onnxruntime" } orderby device, backend select (device, backend),
            from cell in stored.Cells orderby cell.Device, cell.Backend select (cell.Device, cell.Backend));
        AssertMeasured(stored);
        Assert.Equal(["x64", "x64", "arm64"], s_devices.Select(device => stored.Devices[device].Architecture));
        Assert.Equal([false, false, true], s_devices.Select(device => stored.Devices[device].Emulated));
        Assert.DoesNotContain(stored.Devices["arm"].InstructionSets, name => name.StartsWith("avx", StringComparison.Ordinal));

        List<Dictionary<string, string>> rows = Rows("speed");
        Assert.Equal(6, rows.Count);
        Assert.All(rows.Where(row => row["device"] == "arm"), row => Assert.All(s_speeds, speed => Assert.Equal("", row[speed])));
        Assert.All(rows.Where(row => row["device"] != "arm"), row => Assert.All(s_speeds, speed => Assert.NotEqual("", row[speed])));
        Assert.All(rows, row => Assert.True(row["validity"] == "valid" || row["reasons"].Length > 0, row["cell"]));
        string html = File.ReadAllText(Path.Combine(Folder("speed"), "report.html"));
        Assert.All(s_devices, device => Assert.Contains($"device {device}", html, StringComparison.Ordinal));
        Assert.Contains("their speed is not reported anywhere", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_artifact_predicts_a_text_alike_on_all_three()
    {
        string model = RepositoryFiles.Shared("models/stories260k/stories260K-F16.gguf"), text = RepositoryFiles.Shared("data/tinystories-a.txt");
        desk.Require();
        desk.Line.Write("quality.yaml", Quality.Replace("MODEL", model, StringComparison.Ordinal).Replace("TEXT", text, StringComparison.Ordinal));
        CommandResult run = await desk.Line.RunAsync("run", "quality.yaml");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);

        AssertMeasured(Stored("quality"));
        Dictionary<string, double> perplexity = Rows("quality").ToDictionary(row => row["device"], row => double.Parse(row["perplexity"], CultureInfo.InvariantCulture));
        Assert.Equal(s_devices.Order(), perplexity.Keys.Order());
        Assert.Equal(perplexity["local"], perplexity["board"], perplexity["local"] * 1e-6);
        // Arm's kernels add in another order.
        Assert.Equal(perplexity["local"], perplexity["arm"], perplexity["local"] * 0.005);
    }

    [Theory]
    [InlineData("board", "agent", " for linux-x64 is installed, ", 62)]
    [InlineData("arm", "the launcher 'command'", "other means", 183)]
    public async Task Before_the_first_run_each_has_the_libraries_of_its_architecture(string device, string what, string how, int machine)
    {
        desk.Require();
        string said = desk.Installed[device].Output;
        Assert.Matches($"^{device}: {what}.*{how}", said);
        Assert.Contains($"{device}: llamacpp ", said, StringComparison.Ordinal);
        Assert.Contains($"{device}: onnxruntime ", said, StringComparison.Ordinal);
        string library = Assert.Single(Directory.GetFiles(desk.Line[device], "libllama.*", System.IO.SearchOption.AllDirectories));
        // e_machine of the ELF header: 62 is x86-64, 183 AArch64.
        Assert.Equal(machine, BitConverter.ToUInt16(File.ReadAllBytes(library).AsSpan(18, 2)));

        DateTime written = File.GetLastWriteTimeUtc(library);
        CommandResult again = await desk.Line.RunAsync("devices", "install", device);
        Assert.Equal(0, again.ExitCode);
        Assert.DoesNotContain("preparing", again.Error, StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(library));
    }

    private static void AssertMeasured(StoredRun stored)
    {
        Assert.All(stored.Cells, cell => Assert.All(cell.Trials, trial => Assert.True(trial.Outcome.Failure is null, $"{cell.Id}: {trial.Outcome.Failure?.Message}")));
        Assert.All(stored.Cells, cell => Assert.NotEmpty(cell.Trials));
        Assert.All(stored.Cells, cell => Assert.Equal(cell.Device == "arm" ? Tier.Emulated : Tier.Measured, cell.Tier));
    }

    private string Folder(string run) => Path.Combine(desk.Line.Folder, "runs", run);

    private StoredRun Stored(string run) => RunJournal.ReadOnly(Path.Combine(Folder(run), RunJournal.FileName));

    private List<Dictionary<string, string>> Rows(string run)
    {
        using TextFieldParser reader = new(Path.Combine(Folder(run), "cells.csv")) { Delimiters = [","], HasFieldsEnclosedInQuotes = true };
        string[] columns = reader.ReadFields()!;
        List<Dictionary<string, string>> rows = [];
        while (reader.ReadFields() is { } fields) rows.Add(columns.Zip(fields).ToDictionary());
        return rows;
    }
}
