using System.Text.Json;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Running.Execution;

namespace EdgeBench.Running.Tests.Execution;

public class CellKeyTests
{
    private static readonly CellIngredients s_ingredients = new("artifact", null, "1.0", "machine", [], 1);
    private static readonly MeasureSpec s_measure = new();

    private static Cell Make(string recipeName = "int8", int threads = 1, string options = "{}", string parameters = "{}") => Cell.Of(
        new ModelSpec { Name = "m", Source = "file:x" }, new RecipeSpec(recipeName, []), new BackendSpec("b", "llamacpp", Json(options)), new DeviceSpec("local"),
        new WorkloadSpec("w", "single-stream", "pp8", threads, Json(parameters)));

    private static Cell On(DeviceSpec device) => Make() with { Device = device };

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static string Key(Cell? cell = null, CellIngredients? ingredients = null, MeasureSpec? measure = null) =>
        CellKey.Of(cell ?? Make(), ingredients ?? s_ingredients, measure ?? s_measure);

    [Fact]
    public void A_new_name_or_more_sessions_keep_the_key()
    {
        Assert.Equal(Key(), Key(Make(recipeName: "renamed")));
        Assert.Equal(Key(), Key(measure: s_measure with { Sessions = 9 }));
    }

    [Fact]
    public void Another_way_to_the_same_machine_keeps_the_key() =>
        Assert.Equal(Key(), Key(On(new DeviceSpec("far", "ssh") { LauncherOptions = Json("""{"host":"x"}"""), Profile = "raspberry-pi-5" })));

    public static TheoryData<string> Changes => ["threads", "options", "parameters", "artifact", "reference", "backend", "files", "device", "data", "seed", "warmup", "samples", "duration", "limit", "cooldown", "tuning", "meters"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Whatever_decides_the_figures_changes_the_key(string what)
    {
        string changed = what switch
        {
            "threads" => Key(Make(threads: 2)),
            "options" => Key(Make(options: """{"mmap":false}""")),
            "parameters" => Key(Make(parameters: """{"prompt":9}""")),
            "artifact" => Key(ingredients: s_ingredients with { Artifact = "other" }),
            "reference" => Key(ingredients: s_ingredients with { Reference = "other" }),
            "backend" => Key(ingredients: s_ingredients with { BackendVersion = "1.1" }),
            "files" => Key(ingredients: s_ingredients with { BackendFiles = ["hash"] }),
            "device" => Key(ingredients: s_ingredients with { Device = "other" }),
            "data" => Key(ingredients: s_ingredients with { Data = ["hash"] }),
            "seed" => Key(ingredients: s_ingredients with { Seed = 2 }),
            "warmup" => Key(measure: s_measure with { Warmup = 2 }),
            "samples" => Key(measure: s_measure with { MinSamples = 6 }),
            "duration" => Key(measure: s_measure with { MinDuration = TimeSpan.FromSeconds(2) }),
            "cooldown" => Key(On(new DeviceSpec("local") { Cooldown = new CooldownSpec { Below = 60 } })),
            "tuning" => Key(On(new DeviceSpec("local") { Tuning = new TuningSpec { Governor = "performance" } })),
            "meters" => Key(On(new DeviceSpec("local") { Meters = [new MeterSpec("rapl", Json("{}"))] })),
            "limit" => Key(measure: s_measure with { MemoryLimit = 1 << 30 }),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
        Assert.NotEqual(Key(), changed);
    }
}
