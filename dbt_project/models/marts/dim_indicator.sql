with

final as (

    select
        agreement_id || '.' || indicator_id as indicator_key,
        indicator_id,
        agreement_id,
        name as indicator_name,
        goal_name,
        definition_da,
        quote,
        data_source,
        unit,
        better,
        is_activity_close,
        figure_type,
        measure_kind,
        baseline_quote,
        target_basis,
        target_quote,
        target_reading,
        numerator_id,
        denominator_id,
        definition_version,
        source_id,
        sort_order
    from {{ source('disclosed', 'indicator') }}

)

select * from final
