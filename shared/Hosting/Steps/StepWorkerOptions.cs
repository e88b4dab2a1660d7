using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Hosting.Steps;

/// <summary>How this process claims and works on steps.</summary>
public sealed class StepWorkerOptions
{
    /// <summary>Claims only steps of this run; null: of every run that no other process owns. May be set until the host starts.</summary>
    public string? OnlyRun { get; set; }

    /// <summary>Kinds that share the slots of a device; every other kind has one slot of its own on each device.</summary>
    public IReadOnlyList<SlotPool> Pools { get; set; } = [];

    /// <summary>Devices that this process computes on, <c>cpu</c> and <c>cuda:N</c>.</summary>
    [MinLength(1)]
    public IReadOnlyList<string> Devices { get; set; } = ["cpu"];

    /// <summary>Claims that a step may use up before it fails, or is quarantined where its workers died.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 5;

    /// <summary>How long a claim holds without a sign of life.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a worker gives one.</summary>
    public TimeSpan RenewEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Ask the store about every second while a slot is free; without it steps are found by messages only.</summary>
    public bool Polling { get; set; } = true;

    /// <summary>Mean time between two such questions.</summary>
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Names this process in documents; must differ between any two that share a store.</summary>
    [Required]
    public string Worker { get; set; } = WorkerNames.OfThisProcess();

    /// <summary>The folder below which each step gets an empty one.</summary>
    [Required]
    public string Scratch { get; set; } = Path.Combine(Path.GetTempPath(), "transfer-scratch");
}

/// <summary>Kinds of step, by their word in a scenario, that share a number of slots on each device.</summary>
public sealed record SlotPool(IReadOnlyList<string> Kinds, int Slots);
