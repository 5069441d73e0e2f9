using EdgeBench.Core.Cells;

namespace EdgeBench.Statistics.Judging;

/// <summary>Collects reasons and keeps the gravest verdict.</summary>
internal sealed class Findings
{
    private readonly List<string> _reasons = [];
    private Validity _validity = Validity.Valid;

    public void Invalid(string reason) => Add(Validity.Invalid, reason);

    public void Semivalid(string reason) => Add(Validity.Semivalid, reason);

    public void Note(string reason) => Add(Validity.Valid, reason);

    public ValidityVerdict Verdict() => new(_validity, _reasons);

    private void Add(Validity validity, string reason)
    {
        if (validity > _validity) _validity = validity;
        if (!_reasons.Contains(reason)) _reasons.Add(reason);
    }
}
