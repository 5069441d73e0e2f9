using EdgeBench.Core.Runs;
using EdgeBench.Reports.Export;
using EdgeBench.Testing;
using Microsoft.Playwright;

namespace EdgeBench.Reports.Tests;

/// <summary>A report's page in headless Chromium, with everything that it logs and asks for.</summary>
internal sealed class ReportPage : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private IBrowserContext _context = null!;

    public IPage Page { get; private set; } = null!;

    /// <summary>Console messages and uncaught exceptions.</summary>
    public List<string> Messages { get; } = [];

    /// <summary>Addresses asked for that are neither the page's own file nor data inside it.</summary>
    public List<string> ForeignRequests { get; } = [];

    public static async Task<ReportPage> Open(IBrowser browser, StoredRun run, int width = 1280, bool dark = false)
    {
        ReportPage report = new();
        ExporterRegistry.Write(run, ["html"], report._folder.Path);
        report._context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        report.Page = await report._context.NewPageAsync();
        report.Page.Console += (_, message) => report.Messages.Add($"{message.Type}: {message.Text}");
        report.Page.PageError += (_, error) => report.Messages.Add(error);
        report.Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("file:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) report.ForeignRequests.Add(request.Url);
        };
        await report.Page.GotoAsync(new Uri(report._folder.File("report.html")).AbsoluteUri);
        return report;
    }

    /// <summary>Texts of one column of the shown rows; null for a row that has no such cell.</summary>
    public Task<string[]> Column(string label) =>
        Page.EvaluateAsync<string[]>("label => [...document.querySelectorAll('#cells tbody td')].filter(td => td.dataset.label.startsWith(label)).map(td => td.textContent)", label);

    public Task<int> Rows() => Page.EvaluateAsync<int>("() => document.querySelectorAll('#cells tbody tr').length");

    /// <summary>How much wider than the window the page is, in pixels.</summary>
    public Task<int> Overflow() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        _folder.Dispose();
    }
}
