using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace EdgeBench.Training.Recipes;

/// <summary>How a text file falls into texts.</summary>
public enum TextPieces
{
    /// <summary>An empty line ends a text.</summary>
    Paragraphs,

    /// <summary>Each line is one.</summary>
    Lines,

    /// <summary>The file is one.</summary>
    Whole,
}

/// <summary>One source of data: <see cref="Generate"/>, <see cref="Text"/> or <see cref="Files"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DataRecipe
{
    [Description("Name that it is scored under; left out, that of the task or the first file.")]
    public string? Name { get; init; }

    [Description("Task of the project's own generator: home, triage, robot, stories or kitchen. Its splits are its own.")]
    public string? Generate { get; init; }

    [Description("Text file (UTF-8) that is learnt as it is.")]
    public string? Text { get; init; }

    [Description("How 'text' falls into texts: paragraphs (an empty line between two), lines or whole.")]
    public TextPieces Pieces { get; init; } = TextPieces.Paragraphs;

    [Description("Files of pairs or of labelled texts.")]
    public IReadOnlyList<string> Files { get; init; } = [];

    [Description("Layout of 'files': jsonl, tsv, snips, clinc150, scan or mts-dialog.")]
    public string Layout { get; init; } = "jsonl";

    [Description("Parts of 'files' that are read, where the layout has several: train.")]
    public IReadOnlyList<string> Parts { get; init; } = [];

    [Description("What the model is given; {text} is filled in. Left out: '{text}', and for labelled texts '{text}\\nLabel:', as the task 'classification' asks.")]
    public string? Prompt { get; init; }

    [Description("What it shall write; {answer} is filled in. Left out: '{answer}', and for labelled texts ' {answer}'.")]
    public string? Completion { get; init; }

    [Description("Files (or one text file) that are scored in between, instead of a share of the data.")]
    public IReadOnlyList<string> ValidationFiles { get; init; } = [];

    [Description("Parts of 'validation_files', or of 'files' where these are left out.")]
    public IReadOnlyList<string> ValidationParts { get; init; } = [];

    [Description("Share of the data that is held out and scored in between; equal texts stay on one side."), Range(0.0, 0.9)]
    public double Validation { get; init; } = 0.05;

    [Description("Items that are learnt, the first ones; 0 for all."), Range(0, int.MaxValue)]
    public int Limit { get; init; }

    [Description("Items that are scored in between, the first ones; 0 for all."), Range(0, int.MaxValue)]
    public int ValidationLimit { get; init; }

    [Description("Of the generator and of the split.")]
    public ulong Seed { get; init; } = 1;
}
