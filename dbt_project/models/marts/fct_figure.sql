with

flags as (

    select
        agreement_id,
        indicator_id,
        area_id,
        year_kind,
        year,
        count(*) as flag_count,
        case min(case severity when 'blocks' then 1 when 'warns' then 2 else 3 end)
            when 1 then 'blocks'
            when 2 then 'warns'
            else 'notes'
        end as worst_severity
    from {{ ref('flag') }}
    where indicator_id is not null and area_id is not null
    group by all

),

final as (

    select
        figure.agreement_id,
        figure.indicator_id,
        figure.agreement_id || '.' || figure.indicator_id as indicator_key,
        figure.area_id,
        figure.year_kind,
        figure.year,
        figure.year_key,
        figure.is_partial_year,
        figure.value,
        figure.numerator,
        figure.denominator,
        cast(figure.n as bigint) as n,
        figure.n_effective,
        figure.ci_low,
        figure.ci_high,
        figure.value_state,
        figure.baseline_value,
        cast(figure.baseline_year as integer) as baseline_year,
        figure.baseline_trend,
        figure.target_value,
        figure.target_status,
        coalesce(flags.flag_count, 0) as flag_count,
        flags.worst_severity,
        figure.definition_version,
        publication.publication_id,
        figure.denominator_year,
        figure.cumulative_value,
        figure.agreement_version
    from {{ source('disclosed', 'figure') }} as figure
    cross join {{ source('disclosed', 'publication') }} as publication
    left join flags
        on figure.agreement_id = flags.agreement_id
        and figure.indicator_id = flags.indicator_id
        and figure.area_id = flags.area_id
        and figure.year_kind = flags.year_kind
        and figure.year = flags.year

)

select * from final
