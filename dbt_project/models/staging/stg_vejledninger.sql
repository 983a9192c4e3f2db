with

{{ newest_version('vejledninger', ['session_id']) }},

typed as (

    select
        _record_id,
        session_id,
        cast(met_on as date) as met_on,
        area as area_id,
        person as person_key,
        -- exports up to 2022 say whom the resident was referred to; later ones also say whether
        coalesce(is_bridged = 'true', bridged_to is not null) as is_bridged,
        bridged_to,
        theme,
        coalesce(has_consent = 'true', false) as has_consent,
        coalesce(cast(duration_hours as double), cast(duration_minutes as double) / 60) as duration_hours,
        _file_id,
        _file_name,
        _delivered_on,
        _row_number
    from newest

)

select * from typed
