using System.ComponentModel;
using System.Reflection;
using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power;
using EdgeBench.Devices.Power.Recording;

namespace EdgeBench.Devices.Tests.Power;

public class MeterRegistryTests
{
    public static TheoryData<string> Names => [.. MeterRegistry.All.Select(meter => meter.Name)];

    [Fact]
    public void Every_kind_of_meter_in_the_assembly_is_registered_once_by_its_own_name()
    {
        Type[] kinds = [.. typeof(IPowerMeter).Assembly.GetTypes().Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IPowerMeter)))];
        Assert.Equal(kinds.Select(type => type.Name).Order(), MeterRegistry.All.Select(meter => meter.GetType().Name).Order());
        Assert.Equal(MeterRegistry.All.Count, MeterRegistry.All.Select(meter => meter.Name).Distinct().Count());
        Assert.All(MeterRegistry.All, meter => Assert.Same(meter, MeterRegistry.Find(meter.Name)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_options_are_a_record_whose_every_property_is_described(string name)
    {
        Type options = MeterRegistry.Find(name)!.OptionsType;
        Assert.True(options.IsAssignableTo(typeof(MeterOptions)));
        Assert.All(options.GetProperties(BindingFlags.Public | BindingFlags.Instance), property =>
            Assert.NotEmpty(property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? ""));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task On_a_device_without_it_a_trial_says_what_is_missing_and_how_to_mend_it(string name)
    {
        using SystemTree empty = new();
        string options = name switch
        {
            "shelly" => """{"address": "http://127.0.0.1:1"}""",
            "tasmota" => """{"broker": "127.0.0.1", "port": 1}""",
            "scpi" => """{"host": "127.0.0.1", "port": 1}""",
            "estimate" => """{"idle_watts": 1, "watts_per_core": 1}""",
            "ppk2" => """{"volts": 5, "program": "no such entry"}""",
            "joulescope" => """{"program": "no such entry"}""",
            _ => "{}",
        };
        MeterRefusal refusal = await Meters.NotAppliedAsync(name, empty.Root, options);
        Assert.NotEmpty(refusal.Problem);
        Assert.NotEmpty(refusal.Remedy);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Options_beyond_their_limits_are_refused_even_where_no_controller_checked_them(string name)
    {
        using SystemTree empty = new();
        foreach (string options in new[] { """{"rate": 0}""", """{"rate": 1e9}""", """{"idle": "-00:00:01"}""", """{"rate": "fast"}""", "[]", "null", "3" })
            Assert.Contains("options do not fit", await Meters.RefusalAsync(name, empty.Root, Complete(name, options)), StringComparison.Ordinal);
    }

    [Fact]
    public void Boundaries_never_share_a_metric()
    {
        Assert.Equal(Enum.GetValues<EnergyBoundary>(), EnergyMetrics.All.Select(metrics => metrics.Boundary));
        string[] names = [.. EnergyMetrics.All.SelectMany(metrics => metrics.Figures.Append(metrics.Power).Append(metrics.Counter)).Select(metric => metric.Name)];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, name => Assert.NotNull(MetricRegistry.Find(name)));
        Assert.All(EnergyMetrics.All, metrics => Assert.Same(metrics, EnergyMetrics.Of(metrics.Boundary)));
    }

    // What the type requires, with the offence beside it.
    private static string Complete(string name, string options)
    {
        if (options[0] != '{') return options;
        string required = name switch
        {
            "shelly" => "\"address\": \"http://127.0.0.1:1\"",
            "scpi" => "\"host\": \"127.0.0.1\"",
            "estimate" => "\"idle_watts\": 1, \"watts_per_core\": 1",
            _ => "",
        };
        return required.Length == 0 ? options : $"{options[..^1]}, {required}}}";
    }
}
