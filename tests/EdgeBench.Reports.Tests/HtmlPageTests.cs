using EdgeBench.Core.Cells;
using EdgeBench.Core.Runs;
using EdgeBench.Testing;

namespace EdgeBench.Reports.Tests;

public sealed class HtmlPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Hostile = "<script>document.title='owned'</script>\"'&amp;{{data}}</script><img src=x onerror=alert(1)>";

    [Theory]
    [InlineData(390, false)]
    [InlineData(390, true)]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    public async Task It_loads_without_errors_or_requests_and_fits_the_window(int width, bool dark)
    {
        await using ReportPage report = await ReportPage.Open(chromium.Browser, StoredRuns.Realistic(5, 2), width, dark);
        Assert.Equal(34, await report.Rows());
        foreach (string view in (string[])["Memory", "Quality", "All", "Speed"])
        {
            await report.Page.Locator("#views button", new() { HasText = view }).ClickAsync();
            Assert.Equal(0, await report.Overflow());
        }
        double[] ground = await report.Page.EvaluateAsync<double[]>("() => getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).map(Number)");
        Assert.Equal(dark, ground[0] < 128);
        Assert.Empty(report.Messages);
        Assert.Empty(report.ForeignRequests);
        await Keep(report, $"page-{width}-{(dark ? "dark" : "light")}");
    }

    [Fact]
    public async Task Clicking_and_pressing_Enter_on_a_heading_sort_by_its_numbers_with_what_is_not_ranked_behind_and_empty_ones_last()
    {
        StoredRun run = StoredRuns.Realistic(5, 2);
        StoredRun mixed = run with { Cells = [.. run.Cells.Select(cell => cell.Backend == "managed" && cell.Recipe == "int4-gptq" ? cell with { Tier = Tier.Simulated } : cell)] };
        await using ReportPage report = await ReportPage.Open(chromium.Browser, mixed);
        var heading = report.Page.Locator("#cells th", new() { HasText = "decode" });
        await heading.Locator("button").ClickAsync();
        Assert.Equal("descending", await heading.GetAttributeAsync("aria-sort"));
        Assert.Equal(15, Numbers(await report.Column("decode")).Length);
        await InOrder(report, speeds => speeds.OrderDescending());
        await report.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("ascending", await heading.GetAttributeAsync("aria-sort"));
        await InOrder(report, speeds => speeds.Order());
        Assert.All((await report.Column("decode")).Skip(15), text => Assert.Equal("", text));
    }

    // 12 ranked cells of the device, 2 simulated ones, an invalid one that has a figure all the same.
    private static async Task InOrder(ReportPage report, Func<double[], IEnumerable<double>> order)
    {
        double[] speeds = Numbers(await report.Column("decode"));
        Assert.Equal(order(speeds[..12]), speeds[..12]);
        Assert.Equal(order(speeds[12..14]), speeds[12..14]);
        Assert.Equal([.. Enumerable.Repeat("measured", 12), "simulated", "simulated", "measured"], (await report.Column("tier")).Take(15));
        Assert.Equal("invalid", (await report.Column("validity"))[14]);
        Assert.DoesNotContain("invalid", (await report.Column("validity")).Take(14));
    }

    [Fact]
    public async Task Words_and_chips_filter_and_clearing_brings_all_back()
    {
        await using ReportPage report = await ReportPage.Open(chromium.Browser, StoredRuns.Realistic(5, 2));
        await report.Page.FillAsync("#filter", "int8 TG128");
        Assert.Equal(4, await report.Rows());
        Assert.StartsWith("4 of 38 cells", await report.Page.TextContentAsync("#count"));
        await report.Page.Locator(".chip", new() { HasTextRegex = new System.Text.RegularExpressions.Regex("^invalid$") }).ClickAsync();
        Assert.Equal(["invalid"], await report.Column("validity"));
        Assert.Contains("out of memory", (await report.Column("reasons"))[0]);
        await report.Page.ClickAsync("#clear");
        Assert.Equal(34, await report.Rows());
    }

    [Fact]
    public async Task A_phone_sorts_by_a_list_and_shows_cells_as_cards()
    {
        await using ReportPage report = await ReportPage.Open(chromium.Browser, StoredRuns.Realistic(5, 2), 390);
        await report.Page.SelectOptionAsync("#sortby", new Microsoft.Playwright.SelectOptionValue { Label = "prefill" });
        double[] speeds = Numbers(await report.Column("prefill"));
        Assert.Equal(16, speeds.Length);
        Assert.Equal(speeds.OrderDescending(), speeds);
        Assert.Equal("block", await report.Page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('#cells tbody tr')).display"));
    }

    [Fact]
    public async Task The_button_switches_the_theme_for_page_and_plots()
    {
        await using ReportPage report = await ReportPage.Open(chromium.Browser, StoredRuns.OneCell());
        const string Ink = "() => getComputedStyle(document.querySelector('.plot text[fill=\"#1B1F24\"]')).fill";
        string light = await report.Page.EvaluateAsync<string>(Ink);
        await report.Page.ClickAsync("#theme");
        Assert.Equal("rgb(27, 31, 36)", light);
        Assert.Equal("rgb(232, 235, 238)", await report.Page.EvaluateAsync<string>(Ink));
    }

    [Theory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task Hostile_and_endless_names_stay_text_and_do_not_widen_the_page(int width)
    {
        string endless = new('x', 300);
        StoredRun run = StoredRuns.Renamed(name => $"{name}{Hostile}{endless}");
        await using ReportPage report = await ReportPage.Open(chromium.Browser, run, width);
        Assert.Equal($"{run.Name}", await report.Page.TitleAsync());
        Assert.Equal(0, await report.Page.Locator("img").CountAsync());
        Assert.Equal(0, await report.Overflow());
        Assert.Empty(report.Messages);
        Assert.Contains(Hostile, (await report.Column("recipe"))[0]);
        await Keep(report, $"hostile-{width}");
    }

    [Fact]
    public async Task Many_cells_come_in_pages_of_a_hundred()
    {
        await using ReportPage report = await ReportPage.Open(chromium.Browser, StoredRuns.Large(250));
        Assert.Equal(100, await report.Rows());
        await report.Page.Locator("#pager button", new() { HasText = "Next" }).ClickAsync();
        await report.Page.Locator("#pager button", new() { HasText = "Next" }).ClickAsync();
        Assert.Equal(50, await report.Rows());
        Assert.Contains("page 3 of 3", await report.Page.TextContentAsync("#count"));
        Assert.Empty(report.Messages);
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("planned")]
    [InlineData("failed")]
    public async Task A_run_without_figures_still_makes_a_page(string kind)
    {
        StoredRun run = kind switch { "empty" => StoredRuns.Empty(), "planned" => StoredRuns.NothingMeasured(), _ => StoredRuns.AllFailed() };
        await using ReportPage report = await ReportPage.Open(chromium.Browser, run, 390);
        Assert.Equal(run.Cells.Count + run.Excluded.Count, await report.Rows());
        Assert.Empty(report.Messages);
        Assert.Equal(0, await report.Overflow());
    }

    private static double[] Numbers(IEnumerable<string> texts) =>
        [.. texts.Select(text => text.TrimStart('★', ' ').Split('[')[0]).Where(text => text.Length > 0).Select(double.Parse)];

    /// <summary>Screenshots for people, where <c>EDGEBENCH_SCREENSHOTS</c> names a folder.</summary>
    private static async Task Keep(ReportPage report, string name)
    {
        if (Environment.GetEnvironmentVariable("EDGEBENCH_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await report.Page.SetViewportSizeAsync(report.Page.ViewportSize!.Width, 2000);
            await report.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
            await report.Page.EvaluateAsync("() => document.getElementById('prefill-speed').scrollIntoView({ behavior: 'instant' })");
            await report.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-plots.png") });
        }
    }
}
