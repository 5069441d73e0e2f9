using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EdgeBench.Benchmarks.Agreement;

/// <summary><c>agreement</c>: tokens a second by llama.cpp's C API alone, as JSON.</summary>
internal static partial class AgreementCommand
{
    public static Command Create()
    {
        Argument<FileInfo> model = new("model") { Description = "GGUF file." };
        Option<DirectoryInfo> library = new("--library") { Description = "Folder with llama.cpp's libraries.", Required = true };
        Option<int> threads = new("--threads") { Description = "CPU threads.", DefaultValueFactory = _ => 1 };
        Option<string> tests = new("--tests") { Description = "ppN, tgM or ppN+tgM, separated by commas.", DefaultValueFactory = _ => "pp512,tg128" };
        Option<int> repetitions = new("--repetitions") { Description = "Timed repetitions of each test.", DefaultValueFactory = _ => 5 };
        model.AcceptExistingOnly();
        library.AcceptExistingOnly();
        AtLeastOne(threads);
        AtLeastOne(repetitions);
        tests.Validators.Add(result =>
        {
            foreach (string test in result.GetValueOrDefault<string>().Split(','))
            {
                if (!Name().IsMatch(test)) result.AddError($"Test '{test}' is none of ppN, tgM, ppN+tgM.");
            }
        });
        Command command = new("agreement", "Prefill and decode by llama.cpp's C API alone, in llama-bench's loop, as JSON.") { model, library, threads, tests, repetitions };
        command.SetAction(parsed => Run(
            parsed.GetValue(model)!.FullName, parsed.GetValue(library)!.FullName, parsed.GetValue(threads), parsed.GetValue(tests)!.Split(','), parsed.GetValue(repetitions)));
        return command;
    }

    private static int Run(string model, string library, int threads, string[] tests, int repetitions)
    {
        using LlamaBenchDriver driver = new(library, model, threads);
        JsonArray results = [];
        foreach (string test in tests)
        {
            Match parts = Name().Match(test);
            (int prompt, int generate) = (Number(parts.Groups[1]), Number(parts.Groups[2]));
            double[] rates = driver.Measure(prompt, generate, repetitions);
            results.Add(new JsonObject
            {
                ["test"] = test,
                ["tokens"] = prompt + generate,
                ["samples_tok_s"] = new JsonArray([.. rates.Select(rate => JsonValue.Create(rate))]),
                ["median_tok_s"] = Median(rates),
            });
        }
        JsonObject report = new() { ["model"] = model, ["llama_version"] = driver.Version, ["threads"] = threads, ["results"] = results };
        Console.WriteLine(report.ToJsonString(JsonSerializerOptions.Default));
        return 0;
    }

    private static int Number(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static void AtLeastOne(Option<int> option) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() < 1) result.AddError($"{option.Name} is at least 1.");
    });

    [GeneratedRegex(@"^(?=.)(?:pp([1-9][0-9]{0,6}))?(?:(?:(?<=.)\+|^)tg([1-9][0-9]{0,6}))?\z")]
    private static partial Regex Name();
}
